import { describe, expect, it } from 'vitest';
import { pngSize, scales, textureBudget, uploadTextures, type Picture } from '../../src/live2d/textures';
import { FakeGl, FakePage, pngHead } from './fakes';

const size = (side: number): { width: number; height: number } => ({ width: side, height: side });
const pictures = (count: number, side: number): Picture[] => Array.from({ length: count }, (_, i) => ({ file: `${i}.png`, data: pngHead(side, side) }));

describe('sizes', () => {
  it('stay as they are within the limits', () => {
    expect(scales([size(2048), size(4096)], 4096, textureBudget)).toEqual([1, 1]);
  });

  it('are reduced to what the GPU takes', () => {
    expect(scales([size(8192), size(1024)], 4096, textureBudget)).toEqual([0.5, 1]);
  });

  it('of thirteen textures of 4096 fit into the budget together', () => {
    const factors = scales(Array.from({ length: 13 }, () => size(4096)), 8192, textureBudget);
    const bytes = factors.reduce((sum, scale) => sum + (4096 * scale) ** 2 * 4 * 4 / 3, 0);
    expect(bytes).toBeLessThanOrEqual(textureBudget * 1.0001);
    expect(bytes).toBeGreaterThan(textureBudget * 0.99);
  });

  it('are read from the head of a PNG', async () => {
    expect(pngSize(new DataView(await pngHead(300, 20).arrayBuffer()))).toEqual({ width: 300, height: 20 });
    expect(pngSize(new DataView(new ArrayBuffer(24)))).toBeNull();
    expect(pngSize(new DataView(new ArrayBuffer(3)))).toBeNull();
  });
});

describe('textures', () => {
  it('are premultiplied, have mipmaps, and leave no bitmap behind', async () => {
    const page = new FakePage();
    const fake = new FakeGl();
    expect(await uploadTextures(fake.gl, pictures(3, 64), true, textureBudget, page.decode.bind(page))).toHaveLength(3);
    expect(page.bitmaps.open).toBe(0);
    expect(page.bitmaps.options).toEqual(Array(3).fill({ premultiplyAlpha: 'premultiply', colorSpaceConversion: 'none' }));
    expect(fake.of('generateMipmap')).toHaveLength(3);
    expect(fake.of('pixelStorei')).toContainEqual(['UNPACK_PREMULTIPLY_ALPHA_WEBGL', false]);
  });

  it('that are large are decoded two at a time, and scaled while they are', async () => {
    const page = new FakePage();
    await uploadTextures(new FakeGl().gl, pictures(13, 4096), false, textureBudget, page.decode.bind(page));
    expect(page.bitmaps.most).toBeLessThanOrEqual(2);
    const { resizeWidth, resizeHeight, resizeQuality } = page.bitmaps.options[0]!;
    expect([resizeWidth, resizeHeight, resizeQuality]).toEqual([2782, 2782, 'high']);
  });

  it('of an unknown format are looked at first', async () => {
    const page = new FakePage();
    const fake = new FakeGl();
    fake.maxTextureSize = 32;
    await uploadTextures(fake.gl, [{ file: 'a.webp', data: new Blob(['RIFF']) }], false, textureBudget, page.decode.bind(page));
    expect(page.bitmaps.options.at(-1)).toMatchObject({ resizeWidth: 32, resizeHeight: 32 });
    expect(page.bitmaps.open).toBe(0);
  });

  it('of which one cannot be read leave nothing behind', async () => {
    const page = new FakePage();
    const fake = new FakeGl();
    let asked = 0;
    const decode = async (source: ImageBitmapSource, options: ImageBitmapOptions): Promise<ImageBitmap> => {
      if (asked++ === 3) throw new Error('broken');
      return page.decode(source, options);
    };
    const uploading = uploadTextures(fake.gl, pictures(5, 4096), false, textureBudget, decode);
    await expect(uploading).rejects.toMatchObject({ code: 'texture_failed', file: '3.png' });
    expect(fake.total).toBe(0);
    expect(page.bitmaps.open).toBe(0);
  });
});
