import address from 'silero.bin?url';
import { createSilero, type Detector } from './silero';

/** Fetches what tells speech from other sounds. */
export async function loadDetector(): Promise<Detector> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`The model could not be loaded: ${answer.status}`);
  return createSilero(await answer.arrayBuffer());
}
