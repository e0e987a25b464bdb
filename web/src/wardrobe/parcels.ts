/** A file with its way below the folder that was dropped: `hiyori/motions/idle.motion3.json`. */
export interface Gathered {
  readonly path: string;
  readonly file: File;
}

/** What is sent to the hub in one piece. */
export interface Parcel {
  readonly kind: 'zip' | 'files' | 'core';
  /** How users see it named: that of the folder or file. */
  readonly name: string;
  readonly files: readonly Gathered[];
  readonly bytes: number;
}

/** Why something that was dropped is not sent: a text of `add`. */
export interface Refused {
  readonly name: string;
  readonly why: 'nothing' | 'editor' | 'packed';
}

const ending = (path: string, ...endings: readonly string[]): boolean => endings.some((end) => path.toLowerCase().endsWith(end));
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What systems leave in folders, and what a model is made of but not shown with. */
const isLitter = (path: string): boolean => /(^|\/)(__macosx\/|\.[^/]+(\/|$)|thumbs\.db$|desktop\.ini$)/i.test(path);
const isSource = (path: string): boolean =>
  ending(path, '.psd', '.psb', '.clip', '.kra', '.sai', '.sai2', '.cmo3', '.can3', '.mp4', '.mov');
const isEditors = (path: string): boolean => ending(path, '.cmo3', '.can3', '.cmox', '.canx');
const isPacked = (path: string): boolean => ending(path, '.7z', '.rar', '.tar', '.gz', '.tgz', '.xz', '.lzh');
const isModel = (path: string): boolean =>
  ending(path, '.moc3', '.model3.json', '.moc', '.model.json') || /^(model|index)\d*\.json$/i.test(baseOf(path));

/** The Core by its usual names; the hub looks into it. */
const isCore = (path: string): boolean => /^live2d.*\.js$/i.test(baseOf(path));

/** The one folder that holds everything, else the first file's name without its ending. */
function nameOf(files: readonly Gathered[]): string {
  const [first] = files;
  const slash = first!.path.indexOf('/');
  if (slash > 0) return first!.path.slice(0, slash);
  const model = files.find(({ path }) => isModel(path)) ?? first!;
  return baseOf(model.path).replace(/(\.model3|\.model)?\.[^.]+$/, '');
}

const sizeOf = (files: readonly Gathered[]): number => files.reduce((bytes, { file }) => bytes + file.size, 0);
const parcel = (kind: Parcel['kind'], name: string, files: readonly Gathered[]): Parcel => ({ kind, name, files, bytes: sizeOf(files) });

/** Sorts what was dropped: each zip and each Core alone, all other files together; and says why something is left out. */
export function parcelsOf(all: readonly Gathered[]): { readonly parcels: readonly Parcel[]; readonly refused: readonly Refused[] } {
  const wanted = all.filter(({ path }) => !isLitter(path));
  const isAlone = ({ path }: Gathered): boolean => !path.includes('/') && (ending(path, '.zip') || isCore(path));
  const alone = wanted.filter(isAlone).map((one) => parcel(ending(one.path, '.zip') ? 'zip' : 'core', one.path, [one]));
  const rest = wanted.filter((one) => !isAlone(one));
  const files = rest.filter(({ path }) => !isSource(path) && !isPacked(path));
  if (files.some(({ path }) => isModel(path))) return { parcels: [...alone, parcel('files', nameOf(files), files)], refused: [] };
  // Live2D's SDK as it is unpacked: samples aside, the Core is what the hub wants of it. The short one is the one that pages load.
  const cores = rest.filter(({ path }) => isCore(path));
  const core = cores.find(({ path }) => ending(path, '.min.js')) ?? cores[0];
  if (core !== undefined) {
    const name = baseOf(core.path);
    return { parcels: [...alone, parcel('core', name, [{ ...core, path: name }])], refused: [] };
  }
  const why = (name: string, reason: Refused['why']): readonly Refused[] => [{ name, why: reason }];
  const editors = rest.find(({ path }) => isEditors(path));
  const packed = rest.find(({ path }) => isPacked(path));
  const refused = editors !== undefined ? why(baseOf(editors.path), 'editor')
    : packed !== undefined ? why(baseOf(packed.path), 'packed')
      : rest.length > 0 ? why(nameOf(rest), 'nothing') : [];
  return { parcels: alone, refused };
}
