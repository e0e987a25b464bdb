import { describe, expect, it } from 'vitest';
import type { AvatarChoice, Touch } from '../../src/protocol/avatar';
import { parseMessage } from '../../src/protocol/messages';

const files = import.meta.glob<string>('../../../docs/protocol/examples/*.json', { query: '?raw', import: 'default', eager: true });
const example = (name: string): string => files[`../../../docs/protocol/examples/${name}.json`]!;

describe('the avatar of a channel', () => {
  it('is told by the hub, and taken back', () => {
    expect(parseMessage(example('avatar'))).toEqual({ message: { type: 'avatar', channel: 'default', name: '桃瀬ひより v2' } });
    expect(parseMessage(example('avatar.none'))).toEqual({ message: { type: 'avatar', channel: 'default', name: null } });
    expect(parseMessage('{"type":"avatar","channel":"c","name":null,"id":"x"}'))
      .toEqual({ message: { type: 'avatar', channel: 'c', name: null } });
  });

  it('has a channel, and a name that is a text', () => {
    expect(parseMessage('{"type":"avatar"}')).toEqual({ reason: 'channel is missing' });
    expect(parseMessage('{"type":"avatar","channel":"c","name":7}')).toEqual({ reason: 'name has the wrong type' });
  });

  it('is chosen by what the page sends', () => {
    const choice: AvatarChoice = { type: 'avatar', channel: 'default', name: '桃瀬ひより v2' };
    const touch: Touch = { type: 'touch', channel: 'default', area: 'head', gesture: 'stroke', avatar: 'koto' };
    expect(JSON.parse(example('avatar'))).toEqual(choice);
    expect(JSON.parse(example('touch'))).toEqual(touch);
  });
});
