import { defineElement } from './element';

/** A script that was loaded as a module does not know itself; then the page has it as an element. */
const self = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');

defineElement(self instanceof HTMLScriptElement && self.src !== '' ? self.src : null, () => import('./stage'));
