const namespace = 'http://www.w3.org/2000/svg';

export type Attributes = Readonly<Record<string, string | number>>;

/** Creates an SVG element with attributes inside `parent`. */
export function add(parent: Element, name: string, attributes: Attributes = {}): SVGElement {
  const element = document.createElementNS(namespace, name);
  for (const key in attributes) element.setAttribute(key, String(attributes[key]));
  parent.appendChild(element);
  return element;
}

/** Round joins and ends. Only where they show: they cost an eighth of all painting when every line has them. */
export const rounded: Attributes = { 'stroke-linejoin': 'round', 'stroke-linecap': 'round' };

export type Write = (value: string) => void;

/** A writer for one attribute that leaves the DOM alone while the text stays the same: an equal write still repaints. */
export function writer(element: Element, name: string): Write {
  let last = element.getAttribute(name);
  return (value) => {
    if (value === last) return;
    last = value;
    element.setAttribute(name, value);
  };
}

/** Shows an element with an opacity; at zero it leaves the paint altogether. */
export function fader(element: Element): (opacity: number) => void {
  const opacity = writer(element, 'opacity');
  const display = writer(element, 'display');
  return (value) => {
    display(value < 0.02 ? 'none' : 'inline');
    opacity(value > 0.98 ? '1' : String(Math.round(value * 20) / 20));
  };
}

/** One decimal: finer steps repaint without being seen. */
export const round = (value: number): number => Math.round(value * 10) / 10;

export const translate = (x: number, y: number): string => `translate(${round(x)} ${round(y)})`;

/** Two decimals. */
export const scale = (x: number, y: number): string => `scale(${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100})`;

export const rotate = (degrees: number, x: number, y: number): string => `rotate(${round(degrees)} ${x} ${y})`;
