import { ModelError } from '../avatar/modelerror';

/** A texture that is drawn into. */
export interface Target {
  readonly width: number;
  readonly height: number;
  readonly texture: WebGLTexture;
  readonly framebuffer: WebGLFramebuffer;
}

/** A texture of the given size that can be drawn into. */
export function createTarget(gl: WebGL2RenderingContext, width: number, height: number): Target {
  const texture = gl.createTexture();
  const framebuffer = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  return { width, height, texture, framebuffer };
}

export function deleteTarget(gl: WebGL2RenderingContext, { texture, framebuffer }: Target): void {
  gl.deleteFramebuffer(framebuffer);
  gl.deleteTexture(texture);
}

/** The target itself if it is large enough, else a larger one in its place. */
export function atLeast(gl: WebGL2RenderingContext, target: Target | undefined, width: number, height: number): Target {
  if (target && target.width >= width && target.height >= height) return target;
  if (target) deleteTarget(gl, target);
  return createTarget(gl, Math.max(width, target?.width ?? 0), Math.max(height, target?.height ?? 0));
}

/** A compiled program and the places of its uniforms; one that the compiler left out is null, and setting it does nothing. */
export interface Program<Name extends string> {
  readonly program: WebGLProgram;
  readonly at: Readonly<Record<Name, WebGLUniformLocation | null>>;
}

/**
 * Attributes `position` and `uv` have the places 0 and 1.
 * @throws ModelError `no_webgl` with the compiler's words, unless the context is lost
 */
export function createProgram<Name extends string>(
  gl: WebGL2RenderingContext, vertex: string, fragment: string, names: readonly Name[],
): Program<Name> {
  const program = gl.createProgram();
  const shaders = [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]].map(([kind, text]) => {
    const shader = gl.createShader(kind as number)!;
    gl.shaderSource(shader, text as string);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    return shader;
  });
  gl.bindAttribLocation(program, 0, 'position');
  gl.bindAttribLocation(program, 1, 'uv');
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    const words = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
    throw new ModelError('no_webgl', `the graphics driver compiles no shader: ${words.join(' ')}`);
  }
  for (const shader of shaders) gl.deleteShader(shader);
  const at = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)])) as Program<Name>['at'];
  return { program, at };
}

/** A rectangle of pixels or units; `right` and `top` lie outside. Empty where right is not above left. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export const isEmpty = ({ left, bottom, right, top }: Box): boolean => !(right > left && top > bottom);

export const nothing: Box = { left: Infinity, bottom: Infinity, right: -Infinity, top: -Infinity };

export const around = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left), bottom: Math.min(a.bottom, b.bottom), right: Math.max(a.right, b.right), top: Math.max(a.top, b.top),
});

export const within = (a: Box, b: Box): Box => ({
  left: Math.max(a.left, b.left), bottom: Math.max(a.bottom, b.bottom), right: Math.min(a.right, b.right), top: Math.min(a.top, b.top),
});
