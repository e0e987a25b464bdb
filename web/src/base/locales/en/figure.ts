/** What the page says about the figure on it, once that is loaded. */
export const figure = {
  'label': 'The character. Enter taps her, Shift and Enter let you place her.',
  'loading': '{name} is coming…',
  'notice': 'About the avatar',
  'failed': '{name} cannot be shown',
  'again': 'Try again',
  'avatars': 'Open Avatar',
  'close': 'Close',
  'arrange.label': 'Place the character',
  'arrange.hint': 'Drag to move, turn the wheel or pinch to scale. Arrow keys, + and − work too.',
  'arrange.smaller': 'Smaller',
  'arrange.larger': 'Larger',
  'arrange.reset': 'Reset',
  'arrange.done': 'Done',
  'fault.core_missing': 'Live2D models need Live2D’s own Core, which is not there yet. Open Avatar at the top: there it can be '
    + 'fetched, or its file dropped.',
  'fault.core_too_old': 'The model needs a newer Core (it has format {need}, the Core knows up to {have}). Fetch the newest one under '
    + 'Avatar, at the top.',
  'fault.core_broken': 'The Core’s file does not work. Put it there again under Avatar, at the top.',
  'fault.moc_missing': 'The model itself is missing ({file}). Add the model again, with all of its files.',
  'fault.moc_damaged': 'The model is damaged ({file}). Add it again from where you have it.',
  'fault.file_missing': 'A file of the model is missing ({file}). Add the model again, with all of its files.',
  'fault.texture_failed': 'A picture of the model cannot be read ({file}). Add the model again from where you have it.',
  'fault.no_webgl': 'This browser draws nothing with WebGL 2. Turn on hardware acceleration in its settings, or use another '
    + 'browser. In OBS: Settings, Advanced.',
  'fault.too_large': 'The model is too large ({have} bytes, at most {need}). Export it with smaller textures.',
  'fault.out_of_memory': 'There is not enough memory for this model. Close other tabs and programs, then try again, or export it with '
    + 'smaller textures.',
  'fault.not_found': 'There is no model of this name. Add it, or choose another avatar, under Avatar at the top.',
  'fault.unreachable': 'It could not be loaded from the server. Is kotodama running? Try again, or reload the page.',
  'fault.failed': 'Something went wrong ({code}). The console of the browser says more.',
  'greeting.morning': 'Good morning! Did you sleep well?',
  'greeting.day': 'Hello! I am listening.',
  'greeting.evening': 'Good evening! How was your day?',
  'greeting.night': 'It is late. Don’t forget to rest.',
  'tip.pointer': 'I follow your pointer. Move it around!',
  'tip.json': 'One line of JSON is all I need to speak.',
  'tip.help': 'Press ? at the top for examples that just run.',
  'tip.history': 'Missed a reply? It waits in the history.',
  'tip.theme': 'I look good in the light and in the dark.',
  'tip.obs': 'Streaming? Add ?view=obs to the address.',
  'tip.rest': 'Look out of the window for a moment. Your eyes will like it.',
};

export type FigureTexts = Readonly<Record<keyof typeof figure, string>>;
