import type { ModelManifest } from '../avatar/manifest';
import { ModelError, type ModelErrorCode } from '../avatar/modelerror';
import { largestMoc } from './model';
import type { Picture } from './textures';

/** Gets the files of one model, each by the address that its manifest gives. */
export interface ModelFiles {
  /** @throws ModelError `moc_missing`, or `too_large` before anything of it is read */
  moc(): Promise<ArrayBuffer>;
  /** @throws ModelError `texture_failed` */
  pictures(): Promise<readonly Picture[]>;
  /** Parsed, of any shape. A file that is named but cannot be had, or is no JSON, is told to developers and counts as none. */
  json(file: string | null): Promise<unknown>;
  /** As {@link json}, but rejects. @throws ModelError `file_missing` */
  need(file: string): Promise<unknown>;
}

export function createFiles({ name, base, moc, textures }: ModelManifest, page: string, get: typeof fetch): ModelFiles {
  const load = async (file: string, code: ModelErrorCode): Promise<Response> => {
    const address = new URL(base + file, page).href;
    const failed = (why: string, cause?: unknown): ModelError =>
      new ModelError(code, `${file} of the model ${name}: ${why}`, { file, cause });
    const response = await get(address).catch((cause: unknown) => {
      throw failed('the hub cannot be reached', cause);
    });
    if (!response.ok) throw failed(`the hub answers ${response.status}`);
    return response;
  };
  const read = async <T>(file: string, code: ModelErrorCode, body: (response: Response) => Promise<T>): Promise<T> => {
    const response = await load(file, code);
    return body(response).catch((cause: unknown) => {
      throw new ModelError(code, `${file} of the model ${name} breaks off or cannot be read`, { file, cause });
    });
  };
  const need = (file: string): Promise<unknown> => read(file, 'file_missing', (response) => response.json() as Promise<unknown>);
  return {
    need,
    async moc() {
      return read(moc, 'moc_missing', async (response) => {
        const have = Number(response.headers.get('content-length') ?? 0);
        if (have <= largestMoc) return response.arrayBuffer();
        await response.body?.cancel();
        return tooLarge(moc, have);
      });
    },
    pictures: () => Promise.all(textures.map(async (file) => ({
      file, data: await read(file, 'texture_failed', (response) => response.blob()),
    }))),
    async json(file) {
      if (file === null) return null;
      return need(file).catch((error: unknown) => {
        console.warn(`${String(error)}; the model is shown without it`);
        return null;
      });
    },
  };
}

function tooLarge(file: string, have: number): never {
  throw new ModelError('too_large', `${file} has ${have} bytes, at most ${largestMoc} are loaded`, { file, need: largestMoc, have });
}
