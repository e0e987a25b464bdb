import { describe, expect, it } from 'vitest';
import { page } from './page';

describe('a page that was just opened', () => {
  it('waits for its loudspeaker with the beginning', () => {
    const { say, speaker, clock, speaking, mouths, becomes, ...rest } = page({ state: 'blocked', isStarting: true });
    speaker();
    say(0, true);
    clock.advance(500);
    expect([speaking.snapshot(), mouths.at(-1)]).toMatchObject([{ position: 0 }, { open: 0 }]);
    becomes('on');
    clock.advance(1_100);
    expect(rest.events()).toEqual(['first 0 0', 'done 0 1000']);
  });

  it('begins without sound when its browser waits for a click', () => {
    const { say, speaker, clock, speaking, becomes } = page({ state: 'blocked', isStarting: true });
    speaker();
    say(0, true);
    clock.advance(500);
    becomes('blocked');
    clock.advance(420);
    expect(speaking.snapshot()).toMatchObject({ position: 400, audible: false });
    clock.advance(700);
    expect(speaking.snapshot()).toMatchObject({ state: 'idle' });
  });

  it('is in step with the page that is heard', () => {
    const { say, clock, speaking } = page({ state: 'blocked', isStarting: true });
    say(0, true);
    clock.advance(400);
    expect(speaking.snapshot()).toMatchObject({ position: 400 });
  });
});

describe('while the user speaks to the character', () => {
  const duck = (gain: number) => ({ type: 'duck', channel: 'default', gain }) as const;

  it('the speech pauses, says so every second, and goes on exactly there', () => {
    const { say, speaker, clock, speaking, mouths, ...rest } = page();
    speaker();
    say(0, false);
    say(1, true);
    clock.advance(400);
    speaking.take(duck(0));
    clock.advance(20_000);
    expect([speaking.snapshot(), mouths.at(-1)]).toMatchObject([{ position: 400, gain: 0 }, { open: 0 }]);
    expect(rest.events().slice(1)).toEqual(Array.from({ length: 20 }, () => 'progress 0 400'));
    say(2, true);
    speaking.duck(1);
    clock.advance(100);
    expect(mouths.at(-1)!.open).toBeGreaterThan(0.5);
    clock.advance(2_500);
    expect([rest.events().at(-1), rest.sinks.length]).toEqual(['done 2 1000', 1]);
  });

  it('a page that is not heard pauses, too, and one that waits for a click says so', () => {
    const { say, speaker, clock, speaking, ...rest } = page({ state: 'blocked' });
    speaker();
    say(0, true);
    clock.advance(400);
    speaking.duck(0);
    clock.advance(3_000);
    expect([speaking.snapshot(), rest.events()])
      .toMatchObject([{ position: 400 }, ['progress 0 400', 'progress 0 400', 'progress 0 400', 'progress 0 400']]);
    speaking.duck(1);
    clock.advance(700);
    expect(speaking.snapshot()).toMatchObject({ state: 'idle' });
  });

  it('nothing begins during the pause', () => {
    const { say, speaker, clock, speaking, ...rest } = page();
    speaker();
    speaking.duck(0);
    say(0, true);
    clock.advance(1_500);
    expect([speaking.snapshot(), rest.events()]).toMatchObject([{ position: 0 }, ['progress 0 0', 'progress 0 0']]);
    speaking.duck(1);
    clock.advance(1_100);
    expect(rest.events().slice(2)).toEqual(['first 0 0', 'done 0 1000']);
  });

  it('it is quieter, until the speech is cut off or a minute is over', () => {
    const { say, speaker, clock, speaking, ducked } = page();
    speaker();
    say(0, true);
    speaking.duck(0.2);
    clock.advance(500);
    expect(speaking.snapshot()).toMatchObject({ position: 500 });
    speaking.take({ type: 'speech_stop', channel: 'default', turn: 1 });
    expect(ducked).toEqual([0.2, 1]);
    say(0, true, 2);
    clock.advance(100);
    speaking.duck(0);
    clock.advance(60_500);
    expect(speaking.snapshot()).toMatchObject({ position: 600, gain: 1 });
  });

  it('a word of the companion that is older than what the microphone has heard does not let it go on', () => {
    const { say, speaker, clock, speaking, ducked } = page();
    speaker();
    say(0, true);
    speaking.duck(0.2);
    speaking.duck(0);
    speaking.take(duck(0.2));
    clock.advance(300);
    expect([speaking.snapshot(), ducked]).toMatchObject([{ position: 0, gain: 0 }, [0.2]]);
    speaking.take(duck(1));
    speaking.take(duck(0));
    speaking.duck(0.2);
    clock.advance(300);
    expect([speaking.snapshot(), ducked]).toMatchObject([{ position: 0, gain: 0 }, [0.2, 1]]);
    speaking.take(duck(0.5));
    clock.advance(300);
    expect([speaking.snapshot(), ducked]).toMatchObject([{ position: 300, gain: 0.2 }, [0.2, 1, 0.2]]);
    speaking.duck(1);
    expect([speaking.snapshot(), ducked]).toMatchObject([{ gain: 1 }, [0.2, 1, 0.2, 1]]);
  });

  it('a connection that comes back forgets it', () => {
    const { speaking, ducked } = page();
    speaking.duck(0);
    speaking.connected();
    expect([speaking.snapshot(), ducked]).toMatchObject([{ gain: 1 }, [1]]);
  });
});
