import './settings.css';
import type { I18n } from '../base/i18n';
import type { Metrics } from '../protocol/talk';
import type { Asks } from '../talk/asks';
import { wordsForTalk } from '../talk/talkwords';
import type { Formatting } from '../view/formatting';
import { charactersSection } from './characters';
import { conversationsSection } from './conversations';
import { enginesSection } from './engines';
import { modelSection } from './languagemodel';
import { repliesSection } from './replydisplay';
import type { Section, SectionContext } from './section';
import { wordsForSettings } from './settingswords';
import { turnsSection } from './turns';

export interface SettingsOptions {
  readonly panel: HTMLElement;
  readonly i18n: I18n;
  readonly asks: Asks;
  /** Of the last exchanges, oldest first. */
  readonly metrics: () => readonly Metrics[];
  /** Another conversation, or another character, is about to be asked for; what is returned is called once it is there. */
  readonly change: () => () => void;
  readonly formatting: Pick<Formatting, 'isOn' | 'choose'>;
}

export interface Settings {
  /** The panel was opened: everything is asked for anew. */
  open(): void;
  /** There are other metrics. */
  measured(): void;
}

/** What the user may choose about the conversation. */
export function startSettings({ panel, i18n, asks, metrics, change, formatting }: SettingsOptions): Settings {
  const words = wordsForSettings(i18n);
  const context: SectionContext = { words, talk: wordsForTalk(i18n), asks, tag: i18n.tag };
  let sections: readonly Section[] = [];
  let turns: Section | null = null;
  let opened = false;

  const load = (): void => {
    for (const section of sections) void section.load();
  };

  const build = (): void => {
    panel.querySelector('#settings-title')!.textContent = words('title');
    turns = turnsSection(context, metrics);
    sections = [
      modelSection(context), charactersSection(context, change), conversationsSection(context, change), repliesSection(context, formatting),
      enginesSection(context), turns,
    ];
    panel.querySelector('#settings-sections')!.replaceChildren(...sections.map(({ element }) => element));
    if (opened && !panel.inert) load();
  };

  // As long as the page lives: the panel stays when the companion leaves.
  i18n.watch(build);

  return {
    open() {
      opened = true;
      load();
    },
    measured() {
      if (!panel.inert) void turns?.load();
    },
  };
}
