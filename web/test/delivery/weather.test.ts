import { describe, expect, it } from 'vitest';
import { startAcks, type Acks } from '../../src/delivery/acks';
import { answerWithin, replayPause, startReception, type Reception } from '../../src/delivery/reception';
import type { Ack, Message, Position, StageMessage } from '../../src/protocol/messages';
import { emptyTab } from '../../src/scene/scene';
import { startStore } from '../../src/scene/store';
import { ManualClock } from '../base/manualclock';
import { reply } from '../scene/play';
import { drawer } from '../scene/rehearsal';

/** Numbers from a seed, so that a bad day can be lived again. */
function dice(seed: number): (sides: number) => number {
  let state = seed + 0x9e3779b9;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** A server as docs/protocol.md has it, one page, and a line between them that loses, cuts and delays. */
class Weather {
  readonly shown: string[] = [];
  readonly published: string[] = [];
  readonly lost = new Set<string>();
  private readonly clock = new ManualClock();
  private readonly storage = drawer();
  private readonly told = new Set<string>();
  private readonly heard = new Set<string>();
  private epoch = 'e0';
  private top = 0;
  private log: (StageMessage & Position)[] = [];
  private line: Message[] | null = null;
  private back: Ack[] = [];
  private open = false;
  private dead = false;
  private unannounced = false;
  private page!: Reception;
  private acks!: Acks;

  constructor(private readonly roll: (sides: number) => number) {
    this.load();
  }

  /** What this page has shown of the server's present store and the server does not know of. */
  get untold(): readonly string[] {
    return [...this.shown, ...this.heard].filter((text) => text.startsWith(`${this.epoch} `) && !this.told.has(text));
  }

  /** The speech of the last reply is over, perhaps before its end. */
  hear(): void {
    const [epoch, seq] = this.shown.at(-1)?.split(' ') ?? [];
    const text = `${epoch} ${seq} heard`;
    if (epoch === undefined || this.heard.has(text)) return;
    this.heard.add(text);
    this.acks.spoken({ epoch, seq: Number(seq) }, { ms: 100, chars: 3 }, this.roll(2) === 0);
  }

  publish(): void {
    const message = { ...reply(`${this.epoch} ${this.top + 1}`), channel: 'left', epoch: this.epoch, seq: ++this.top };
    this.published.push(message.content);
    this.log.push(message);
    // A server that forgets to hand a message over has broken its promise; the page notices all the same.
    if (this.roll(8) > 0) this.push(message);
  }

  /** The oldest message is gone before this page has seen it. */
  expire(): void {
    const old = this.log.shift();
    if (old?.type === 'llm_response') this.lost.add(old.content);
  }

  /** The numbers begin anew: with another server, or, when its disk is full, in the middle of a connection. */
  renew(): void {
    if (this.roll(2) === 0) this.cut();
    else this.unannounced = true;
    for (const message of this.log) if (message.type === 'llm_response') this.lost.add(message.content);
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    this.top = 0;
    this.log = [];
  }

  connect(): void {
    if (this.line !== null) return;
    const has = this.page.resume().resume?.['left'];
    const answer = this.after(has);
    const missed = answer.filter((message) => message.type === 'llm_response').length;
    this.line = [{ type: 'welcome', server: '', channels: new Map([['left', { epoch: this.epoch, seq: this.top, missed }]]) }, ...answer];
  }

  ping(): void {
    this.push({ type: 'ping', tops: new Map([['left', this.top]]) });
  }

  carry(): void {
    const message = this.line?.shift();
    if (message === undefined) return;
    this.page.take(message);
    this.acks.heard();
    if (message.type !== 'welcome') return;
    this.open = true;
    this.acks.flush();
  }

  carryBack(): void {
    const ack = this.dead ? undefined : this.back.shift();
    if (ack?.epoch !== this.epoch) return;
    for (const seq of [...ack.displayed ?? [], ...ack.superseded ?? []]) this.told.add(`${ack.epoch} ${seq}`);
    for (const { seq } of ack.heard ?? []) this.told.add(`${ack.epoch} ${seq} heard`);
  }

  cut(): void {
    this.hangUp();
    this.page.lost();
    this.acks.lost();
  }

  /** Nothing gets through any more, and the page does not know yet. */
  die(): void {
    this.dead = this.line !== null;
  }

  reload(): void {
    this.hangUp();
    this.acks.save();
    this.page.stop();
    this.acks.stop();
    this.load();
  }

  wait(): void {
    // On a line that lives nothing is on its way for so long.
    while (!this.dead && this.back.length > 0) this.carryBack();
    this.clock.advance(this.roll(2) === 0 ? replayPause : answerWithin);
  }

  /** Good weather for as long as it takes. */
  settle(): void {
    // The numbers of a ping do not tell their epoch: equal ones hide what was lost on the way until the next message or connection.
    if (this.unannounced || this.dead) this.cut();
    for (let i = 0; i < 6; i++) {
      this.connect();
      this.ping();
      while ((this.line?.length ?? 0) > 0) this.carry();
      while (this.back.length > 0) this.carryBack();
      this.clock.advance(answerWithin);
    }
  }

  private push(...messages: readonly Message[]): void {
    if (!this.dead) this.line?.push(...messages);
  }

  private hangUp(): void {
    this.line = null;
    this.back = [];
    this.open = this.dead = false;
  }

  private load(): void {
    const { clock, storage } = this;
    const store = startStore(emptyTab, clock);
    this.acks = startAcks({
      channel: 'left', store, clock, storage, visible: () => true,
      send: (ack) => this.open && this.back.push(ack) > 0,
    });
    this.page = startReception({
      channel: 'left', store, clock, storage, onReceived: this.acks.received, onGap: () => {},
      reconnect: () => this.cut(),
      send: (resume) => this.push(...this.after(resume)),
      notes: [(message) => void (message.type === 'llm_response' && this.shown.push(message.content))],
    });
  }

  private after(has: Position | undefined): Message[] {
    if (has === undefined) return [...this.log];
    const same = has.epoch === this.epoch && has.seq <= this.top;
    let before = same ? has.seq : (this.log[0]?.seq ?? this.top + 1) - 1;
    const answer: Message[] = same ? [] : [{ type: 'gap', channel: 'left', from: 1, to: before, reason: 'epoch' }];
    const gapTo = (to: number): void => {
      if (to > before) answer.push({ type: 'gap', channel: 'left', from: before + 1, to, reason: 'expired' });
      before = Math.max(before, to);
    };
    for (const message of this.log) {
      if (message.seq <= before) continue;
      gapTo(message.seq - 1);
      answer.push(message);
      before = message.seq;
    }
    gapTo(this.top);
    return answer;
  }
}

function live(seed: number): Weather {
  const roll = dice(seed);
  const weather = new Weather(roll);
  const deeds: readonly (() => void)[] = [
    () => weather.publish(), () => weather.publish(), () => weather.publish(),
    () => weather.carry(), () => weather.carry(), () => weather.carry(), () => weather.carry(),
    () => weather.connect(), () => weather.connect(), () => weather.ping(),
    () => weather.wait(), () => weather.cut(), () => weather.reload(),
    () => weather.carryBack(), () => weather.carryBack(), () => weather.hear(), () => roll(3) === 0 && weather.die(),
    () => roll(4) === 0 && weather.expire(), () => roll(10) === 0 && weather.renew(),
  ];
  for (let step = 0; step < 120; step++) deeds[roll(deeds.length)]!();
  weather.settle();
  return weather;
}

describe('in any weather', () => {
  it('everything is shown once and in order, and the server hears of it', () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const { shown, published, lost, untold } = live(seed);
      const order = shown.map((text) => published.indexOf(text));
      expect([seed, 'twice', shown.filter((text, i) => shown.indexOf(text) !== i)]).toEqual([seed, 'twice', []]);
      expect([seed, 'out of order', order.filter((place, i) => place < (order[i - 1] ?? -1))]).toEqual([seed, 'out of order', []]);
      expect([seed, 'untold', untold]).toEqual([seed, 'untold', []]);
      expect([seed, 'never', published.filter((text) => !lost.has(text) && !shown.includes(text))]).toEqual([seed, 'never', []]);
    }
  }, 60_000);
});
