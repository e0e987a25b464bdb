/**
 * A Live2D model as the hub describes it: `GET /api/models/NAME`. The hub has read the folder, found the files whatever their spelling, and
 * decided what they are for; the page reads only the files that are named here.
 */
export interface ModelManifest {
  /** Its name, by which messages, addresses and `character.json` mean it. */
  readonly name: string;
  /** How users see it named. */
  readonly title: string;
  /** `cubism`: Cubism 3 and newer, drawn by us over the user's Core. `cubism2`: drawn by the user's `live2d.min.js`. */
  readonly kind: 'cubism' | 'cubism2';
  /**
   * What all `file` fields are relative to, with a closing slash; itself relative to the hub's address, since only the page knows below
   * which path a proxy shows the hub. All are escaped for use in an address.
   */
  readonly base: string;
  /** The model itself: `.moc3`, or `.moc` for Cubism 2. */
  readonly moc: string;
  readonly textures: readonly string[];
  readonly physics: string | null;
  readonly pose: string | null;
  readonly expressions: readonly ModelExpression[];
  readonly motions: readonly ModelMotion[];
  /** Names of the motions that play by themselves while nothing else does. */
  readonly idle: readonly string[];
  /** Parameters that close the eyes, and that open the mouth; empty where the model's author named none. */
  readonly eyeBlink: readonly string[];
  readonly lipSync: readonly string[];
  readonly hitAreas: readonly ModelHitArea[];
  /** `Layout` of the model's author, as it stands in the file; null where there is none. */
  readonly layout: Readonly<Record<string, number>> | null;
  /** Names for users, by id; ids without one are absent. */
  readonly names: { readonly parameters: Readonly<Record<string, string>>; readonly parts: Readonly<Record<string, string>> };
  /** Notes of the model's author at drawables, by id. */
  readonly notes: Readonly<Record<string, string>>;
  /** What VTube Studio's hotkeys do, in their order. */
  readonly hotkeys: readonly ModelHotkey[];
  /** Where the model stands by its author's or user's wish; null: so that all of it is seen. */
  readonly placement: Placement | null;
  /** What the character does at an emotion, by its canonical name. An emotion that is absent is made from standard parameters. */
  readonly emotions: Readonly<Record<string, Act>>;
  /** What it does at a motion of ours (`nod`, `wave`, …). A motion that is absent is made from standard parameters. */
  readonly gestures: Readonly<Record<string, Act>>;
  /** What it does at a touch, by area. */
  readonly touches: Readonly<Record<string, Act>>;
}

/** What a character does with what it brings along. */
export interface Act {
  /** Expressions to show together, by name. */
  readonly expressions?: readonly string[];
  /** A motion to play, by name. */
  readonly motion?: string;
  /** Values of parameters, by id, in the model's own units. */
  readonly parameters?: Readonly<Record<string, number>>;
}

export interface ModelExpression {
  /** Unique among the expressions of the model, without regard to case. */
  readonly name: string;
  readonly file: string;
}

export interface ModelMotion {
  /** Unique among the motions of the model, without regard to case. */
  readonly name: string;
  /** The group in model3.json; null for a motion that only lies in the folder. */
  readonly group: string | null;
  readonly file: string;
  /** In seconds; null: as the motion's file says. */
  readonly fadeIn: number | null;
  readonly fadeOut: number | null;
  /** A sound file that plays with it. */
  readonly sound: string | null;
}

export interface ModelHitArea {
  readonly name: string;
  /** The drawable whose outline it is. */
  readonly id: string;
}

export interface ModelHotkey {
  readonly name: string;
  readonly action: 'expression' | 'motion' | 'clear';
  /** The expression or motion by name; null for `clear`. */
  readonly target: string | null;
  /** As VTube Studio names them, for example `["LeftControl", "N1"]`. */
  readonly keys: readonly string[];
}

/** Where a character stands: 0, 0, 1 is centred, standing on the lower edge, all of it to be seen. */
export interface Placement {
  /** In heights of the stage; x to the right, y up. */
  readonly x: number;
  readonly y: number;
  /** 0.1 to 10. */
  readonly scale: number;
}
