import { ModelError } from '../avatar/modelerror';

/** What all textures of a model may take of the graphics memory, mipmaps included. 4096 x 4096 takes 85 MB. */
export const textureBudget = 512 * 1024 * 1024;
/** Mipmaps add a third. */
const bytesPerPixel = 4 * (4 / 3);
const largestAnisotropy = 4;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is there of a model's pictures: compressed, so that a lost context can be filled again. */
export interface Picture {
  readonly file: string;
  readonly data: Blob;
}

/**
 * The factor for each picture by which it is loaded smaller: so that none is larger than `side`, and all together stay within the budget.
 */
export function scales(sizes: readonly Size[], side: number, budget: number): readonly number[] {
  const single = sizes.map(({ width, height }) => Math.min(1, side / Math.max(width, height, 1)));
  const bytes = sizes.reduce((sum, { width, height }, i) => sum + width * height * single[i]! ** 2 * bytesPerPixel, 0);
  const all = Math.min(1, Math.sqrt(budget / Math.max(1, bytes)));
  return single.map((scale) => scale * all);
}

/** Width and height of a PNG by its first 24 bytes, null for anything else. */
export function pngSize(head: DataView): Size | null {
  if (head.byteLength < 24 || head.getUint32(0) !== 0x89504e47 || head.getUint32(12) !== 0x49484452) return null;
  return { width: head.getUint32(16), height: head.getUint32(20) };
}

/** Bitmaps are made as the GPU takes them: premultiplied, so that scaling and mipmaps mix no colour of transparent pixels in. */
const options: ImageBitmapOptions = { premultiplyAlpha: 'premultiply', colorSpaceConversion: 'none' };

export type Decode = (source: ImageBitmapSource, options: ImageBitmapOptions) => Promise<ImageBitmap>;

/**
 * Uploads the pictures one after another, so that only two of them lie uncompressed in memory: while one goes to the GPU, the next is
 * decoded. On failure all that was made is given back.
 * @throws ModelError `texture_failed` or `out_of_memory`
 */
export async function uploadTextures(
  gl: WebGL2RenderingContext, pictures: readonly Picture[], anisotropic: boolean, budget: number, decode: Decode,
): Promise<WebGLTexture[]> {
  const sizes = await Promise.all(pictures.map((picture) => sizeOf(picture, decode)));
  const factors = scales(sizes, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number, budget);
  const bitmap = (i: number): Promise<ImageBitmap> | null =>
    i < pictures.length ? decodeScaled(pictures[i]!, sizes[i]!, factors[i]!, decode) : null;

  const textures: WebGLTexture[] = [];
  let next = bitmap(0);
  try {
    for (let i = 0; next; i++) {
      const image = await next;
      next = bitmap(i + 1);
      // It is awaited a moment later, or not at all.
      next?.catch(() => undefined);
      try {
        textures.push(upload(gl, image, anisotropic));
      } finally {
        image.close();
      }
      if (gl.getError() === gl.OUT_OF_MEMORY) {
        const { file } = pictures[i]!;
        throw new ModelError('out_of_memory', `the graphics memory has no room for ${file}`, { file });
      }
    }
    return textures;
  } catch (error) {
    void next?.then((image) => image.close(), () => undefined);
    for (const texture of textures) gl.deleteTexture(texture);
    throw error;
  }
}

async function sizeOf({ file, data }: Picture, decode: Decode): Promise<Size> {
  const size = pngSize(new DataView(await data.slice(0, 24).arrayBuffer()));
  if (size) return size;
  const image = await decode(data, options).catch((cause: unknown) => unreadable(file, cause));
  const { width, height } = image;
  image.close();
  return { width, height };
}

function decodeScaled({ file, data }: Picture, { width, height }: Size, scale: number, decode: Decode): Promise<ImageBitmap> {
  const smaller: ImageBitmapOptions = scale >= 1 ? {} : {
    resizeWidth: Math.max(1, Math.floor(width * scale)), resizeHeight: Math.max(1, Math.floor(height * scale)), resizeQuality: 'high',
  };
  return decode(data, { ...options, ...smaller }).catch((cause: unknown) => unreadable(file, cause));
}

function unreadable(file: string, cause: unknown): never {
  throw new ModelError('texture_failed', `${file} is no picture that the browser reads`, { file, cause });
}

function upload(gl: WebGL2RenderingContext, image: ImageBitmap, anisotropic: boolean): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  const filter = anisotropic ? gl.getExtension('EXT_texture_filter_anisotropic') : null;
  if (filter) {
    const most = gl.getParameter(filter.MAX_TEXTURE_MAX_ANISOTROPY_EXT) as number;
    gl.texParameterf(gl.TEXTURE_2D, filter.TEXTURE_MAX_ANISOTROPY_EXT, Math.min(largestAnisotropy, most));
  }
  return texture;
}
