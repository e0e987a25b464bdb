// Pixels of the bound framebuffer, as text that Playwright carries fast.
export function pixels(gl, width, height) {
  const bytes = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

export const size = 640;

/** The whole canvas of a model in the middle of the picture. */
export function middle({ CanvasWidth: width, CanvasHeight: height }) {
  const scale = Math.min(size / width, size / height);
  return { scale, x: (size - width * scale) / 2, y: (size - height * scale) / 2 };
}

/** What the two pages offer to set values by index. */
export const values = ({ parameters: p, canvasinfo }) => ({
  tall: canvasinfo.CanvasHeight >= canvasinfo.CanvasWidth,
  ids: [...p.ids], minimums: [...p.minimumValues], maximums: [...p.maximumValues], defaults: [...p.defaultValues],
});
