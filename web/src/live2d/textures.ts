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

/** So many pixels lie uncompressed in memory while pictures are loaded: two of 4096 x 4096, or a lot of small ones. */
const pixelsInFlight = 2 * 4096 * 4096;

/**
 * Uploads the pictures in their order; a few are decoded at a time. On failure all that was made is given back. Whether the GPU had room
 * for them is known later: asking for errors would wait for it. `fine`: filtered as a GPU does at no cost; a processor that plays GPU
 * spends a quarter of a picture on mixing two mipmaps.
 * @throws ModelError `texture_failed`
 */
export async function uploadTextures(
  gl: WebGL2RenderingContext, pictures: readonly Picture[], fine: boolean, budget: number, decode: Decode,
): Promise<WebGLTexture[]> {
  const sizes = await Promise.all(pictures.map((picture) => sizeOf(picture, decode)));
  const factors = scales(sizes, gl.getParameter(gl.MAX_TEXTURE_SIZE) as number, budget);
  const pixels = (i: number): number => sizes[i]!.width * sizes[i]!.height;

  const textures: WebGLTexture[] = [];
  const decoding: Promise<ImageBitmap>[] = [];
  let inFlight = 0;
  const decodeMore = (): void => {
    for (let i = textures.length + decoding.length; i < pictures.length; i++) {
      if (decoding.length > 0 && inFlight + pixels(i) > pixelsInFlight) return;
      inFlight += pixels(i);
      const next = decodeScaled(pictures[i]!, sizes[i]!, factors[i]!, decode);
      // It is awaited in its turn, or not at all.
      next.catch(() => undefined);
      decoding.push(next);
    }
  };
  try {
    for (decodeMore(); decoding.length > 0; decodeMore()) {
      const image = await decoding[0]!;
      decoding.shift();
      inFlight -= pixels(textures.length);
      textures.push(upload(gl, image, fine));
      image.close();
    }
    return textures;
  } catch (error) {
    for (const image of decoding) void image.then((made) => made.close(), () => undefined);
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

function upload(gl: WebGL2RenderingContext, image: ImageBitmap, fine: boolean): WebGLTexture {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, fine ? gl.LINEAR_MIPMAP_LINEAR : gl.LINEAR_MIPMAP_NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  const filter = fine ? gl.getExtension('EXT_texture_filter_anisotropic') : null;
  if (filter) {
    const most = gl.getParameter(filter.MAX_TEXTURE_MAX_ANISOTROPY_EXT) as number;
    gl.texParameterf(gl.TEXTURE_2D, filter.TEXTURE_MAX_ANISOTROPY_EXT, Math.min(largestAnisotropy, most));
  }
  return texture;
}
