/** Defines the elements of live view and playback; the only module a page has to load. */

import { Player } from "./player.js";
import { Timeline } from "./timeline.js";
import { Together } from "./together.js";
import { Tree } from "./tree.js";
import { Wall } from "./wall.js";

customElements.define("mj-player", Player);
customElements.define("mj-together", Together);
customElements.define("mj-timeline", Timeline);
customElements.define("mj-tree", Tree);
customElements.define("mj-wall", Wall);
