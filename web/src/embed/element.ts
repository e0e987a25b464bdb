import { textStorage } from '../base/storage';
import cardStyles from './styles/card.css?inline';
import layoutStyles from './styles/embed.css?inline';
import elementStyles from '../view/styles/elements.css?inline';
import lookStyles from '../view/styles/look.css?inline';
import { startRun, type Run, type RunOptions, type StageState } from './run';
import { startSeats } from './seats';
import { attributeNames, readSettings, type AttributeName, type Settings } from './settings';
import { adopt } from './sheets';

const name = 'kotodama-stage';

/** Defines `<kotodama-stage>`, unless another script has. `script`: where ours came from; null when that is not known. */
export function defineElement(script: string | null, load: RunOptions['load']): void {
  if (customElements.get(name) !== undefined) return;
  const seats = startSeats();
  const storage = textStorage(() => sessionStorage);
  const warn = (text: string): void => console.warn(`<${name}>: ${text}`);

  /** The character and its bubble on any page. Attributes may be changed at any time; see docs/embed.md. */
  class KotodamaStage extends HTMLElement {
    static readonly observedAttributes = attributeNames;

    readonly #root = this.attachShadow({ mode: 'open' });
    #run: Run | null = null;
    #token: string | null = null;
    #isDue = false;

    connectedCallback(): void {
      this.#takeOver();
      this.#soon();
    }

    disconnectedCallback(): void {
      this.#soon();
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#soon();
    }

    /** A token of the hub: given here it stands in no attribute. null takes it back. */
    get token(): string | null {
      return this.#token ?? this.getAttribute('token');
    }

    set token(value: string | null) {
      this.#token = value;
      this.#soon();
    }

    /** What the newest `kotodama-state` told; null outside a document. */
    get state(): StageState | null {
      return this.#run?.state() ?? null;
    }

    /** What was set before the script came hides what is of the same name here. */
    #takeOver(): void {
      const early = this as unknown as Record<string, unknown>;
      for (const property of attributeNames) {
        if (!Object.hasOwn(early, property)) continue;
        const value = early[property];
        delete early[property];
        early[property] = value;
      }
    }

    /** Frameworks take an element out and put it in again when they move it, and change attributes one by one. */
    #soon(): void {
      if (this.#isDue) return;
      this.#isDue = true;
      queueMicrotask(() => {
        this.#isDue = false;
        this.#settle();
      });
    }

    #settle(): void {
      if (!this.isConnected) {
        this.#run?.stop();
        this.#run = null;
      } else if (this.#run === null) {
        for (const text of [lookStyles, elementStyles, layoutStyles, cardStyles]) adopt(this.#root, text);
        this.#run = startRun({
          root: this.#root, page: this.ownerDocument, seats, storage, load, warn,
          onState: (detail) => this.#tell('kotodama-state', detail), onMessage: (detail) => this.#tell('kotodama-message', detail),
        }, this.#settings());
      } else {
        this.#run.adapt(this.#settings());
      }
    }

    #settings(): Settings {
      const { lang } = this.closest<HTMLElement>('[lang]') ?? this.ownerDocument.documentElement;
      return readSettings({
        attribute: (attribute) => (attribute === 'token' ? this.token : this.getAttribute(attribute)),
        script, base: this.ownerDocument.baseURI, languages: [lang, ...navigator.languages], warn,
      });
    }

    #tell(type: string, detail: unknown): void {
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
    }
  }

  for (const attribute of attributeNames) {
    if (!(attribute in HTMLElement.prototype) && attribute !== 'token') reflect(KotodamaStage, attribute);
  }
  customElements.define(name, KotodamaStage);
}

const flags: readonly AttributeName[] = ['inline', 'sound', 'quiet'];

/** Frameworks set what a custom element has as a property, and write the others as attributes. */
function reflect({ prototype }: typeof HTMLElement, attribute: AttributeName): void {
  const isFlag = flags.includes(attribute);
  Object.defineProperty(prototype, attribute, {
    configurable: true,
    enumerable: true,
    get(this: HTMLElement) {
      const value = this.getAttribute(attribute);
      return isFlag ? value !== null && value !== 'false' : value ?? '';
    },
    set(this: HTMLElement, value: unknown) {
      if (value === null || value === undefined || value === false || value === '') {
        if (isFlag && value === '') this.setAttribute(attribute, '');
        else this.removeAttribute(attribute);
      } else {
        this.setAttribute(attribute, isFlag ? '' : String(value));
      }
    },
  });
}
