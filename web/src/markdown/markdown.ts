import './markdown.css';

/** The part with its styles, for a page that is our own. */
export { startMarkdown, type Markdown } from './showing';
