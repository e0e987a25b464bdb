import { defineElement } from './element';

/** A script that was loaded as a module does not know itself; then the page has it as an element. */
const self = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');
const address = self instanceof HTMLScriptElement && self.src !== '' ? self.src : null;

// The build writes the module's whole address here, from `address`: to a script of another origin browsers resolve none.
defineElement(address, () => import('./stage'));
