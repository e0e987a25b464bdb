import { describe, expect, it } from 'vitest';
import { parcelsOf } from '../../src/wardrobe/parcels';
import { file } from './files';

const sorted = (...paths: readonly string[]): { readonly sent: readonly string[]; readonly left: readonly string[] } => {
  const { parcels, refused } = parcelsOf(paths.map((path) => file(path)));
  return {
    sent: parcels.map(({ kind, name, files }) => `${kind} ${name}: ${files.map(({ path }) => path).join(' ')}`),
    left: refused.map(({ name, why }) => `${why} ${name}`),
  };
};

describe('what was dropped', () => {
  it('as a folder is one parcel, named like the folder', () => {
    expect(sorted('hiyori/hiyori.model3.json', 'hiyori/hiyori.moc3', 'hiyori/t/0.png'))
      .toEqual({ sent: ['files hiyori: hiyori/hiyori.model3.json hiyori/hiyori.moc3 hiyori/t/0.png'], left: [] });
  });

  it('as loose files is one parcel, named like the model', () => {
    expect(sorted('0.png', 'Mao.model3.json', 'Mao.moc3').sent).toEqual(['files Mao: 0.png Mao.model3.json Mao.moc3']);
    expect(sorted('Rice.moc3').sent).toEqual(['files Rice: Rice.moc3']);
  });

  it('as zips and the Core is a parcel each', () => {
    expect(sorted('a.zip', 'B.ZIP', 'live2dcubismcore.min.js', 'live2d.min.js').sent).toEqual([
      'zip a.zip: a.zip', 'zip B.ZIP: B.ZIP', 'core live2dcubismcore.min.js: live2dcubismcore.min.js', 'core live2d.min.js: live2d.min.js',
    ]);
  });

  it('as Live2D\'s SDK without samples is the Core that pages load', () => {
    expect(sorted('CubismSdkForWeb/Core/live2dcubismcore.js', 'CubismSdkForWeb/Core/live2dcubismcore.min.js', 'CubismSdkForWeb/README.md'))
      .toEqual({ sent: ['core live2dcubismcore.min.js: live2dcubismcore.min.js'], left: [] });
    expect(sorted('Core/live2dcubismcore.js').sent).toEqual(['core live2dcubismcore.js: live2dcubismcore.js']);
  });

  it.each(['m/model.json', 'm/index.json', 'm/index2.json', 'm/kei.model.json', 'm/a.moc'])('holds a model of Cubism 2 with %s', (path) => {
    expect(sorted(path).sent).toHaveLength(1);
  });

  it('leaves at home what no model is shown with', () => {
    expect(sorted(
      'h/a.moc3', 'h/a.psd', 'h/a.cmo3', 'h/.DS_Store', 'h/Thumbs.db', 'h/desktop.ini', '__MACOSX/h/._a.moc3', 'h/.git/config', 'h/demo.mp4',
      'h/inner.rar', 'h/README.txt',
    ).sent).toEqual(['files h: h/a.moc3 h/README.txt']);
  });

  it('is weighed', () => {
    expect(parcelsOf([file('m/a.moc3', '12345'), file('m/b.png', '123')]).parcels[0]?.bytes).toBe(8);
  });

  it('that holds no model is named with the reason', () => {
    expect(sorted('photos/a.png')).toEqual({ sent: [], left: ['nothing photos'] });
    expect(sorted('cat.png')).toEqual({ sent: [], left: ['nothing cat'] });
    expect(sorted('h/hiyori.cmo3', 'h/h.psd')).toEqual({ sent: [], left: ['editor hiyori.cmo3'] });
    expect(sorted('h/model.7z', 'h/a.txt')).toEqual({ sent: [], left: ['packed model.7z'] });
    expect(sorted('a.zip', 'cat.png')).toEqual({ sent: ['zip a.zip: a.zip'], left: ['nothing cat'] });
    expect(sorted('h/.DS_Store')).toEqual({ sent: [], left: [] });
    expect(sorted()).toEqual({ sent: [], left: [] });
  });
});
