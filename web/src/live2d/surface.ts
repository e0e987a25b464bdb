import { ModelError } from '../avatar/modelerror';

/** The canvas that a model is drawn on, and the box it fills on the page. */
export interface Surface {
  readonly gl: WebGL2RenderingContext;
  readonly canvas: HTMLCanvasElement;
  /** The GPU is a program: textures are filtered in the cheaper way, which shows little. */
  readonly software: boolean;
  /** Lets the context go at once: browsers have few of them, and collect garbage late. */
  dispose(): void;
}

/** Calls `lost` and `restored` when the browser takes the graphics away and gives them back. @throws ModelError `no_webgl` */
export function createSurface(document: Document, lost: () => void, restored: () => void): Surface {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const gl = canvas.getContext('webgl2', {
    alpha: true, premultipliedAlpha: true, antialias: false, depth: false, stencil: false, preserveDrawingBuffer: false,
  });
  if (!gl) throw new ModelError('no_webgl', 'the browser offers no WebGL 2');
  canvas.style.position = 'absolute';
  // The page behind the canvas stays usable: what is touched is decided by the outline, not by this rectangle.
  canvas.style.pointerEvents = 'none';
  canvas.setAttribute('aria-hidden', 'true');
  const onLost = (event: Event): void => {
    // Without this the browser never gives the context back.
    event.preventDefault();
    lost();
  };
  canvas.addEventListener('webglcontextlost', onLost);
  canvas.addEventListener('webglcontextrestored', restored);
  return {
    gl, canvas, software: isSoftware(gl),
    dispose() {
      canvas.removeEventListener('webglcontextlost', onLost);
      canvas.removeEventListener('webglcontextrestored', restored);
      canvas.remove();
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function isSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
