/**
 * What the page's parts hand to each other, as types: nobody fetches this.
 *
 * @typedef {import("./views/door.js").DoorActs & {retry: () => void, enter: () => void, check: (account: string) => Promise<unknown>,
 *   settings: import("./types.js").Deeds["settings"], compare: (anchor: HTMLElement) => void, section: (id: "log"|"flows") => void,
 *   snapshot: (anchor: HTMLElement, shown?: {account: string, at: string}) => void,
 *   explain: (name: string, anchor: HTMLElement) => void}} Acts  what the figures, and what stands in their place, have the page do
 *
 * @typedef {import("./marks.js").Mark} Mark
 * @typedef {object} Plot  the chart on its canvas
 * @property {(scene: import("./plot/scene.js").Scene) => void} show
 * @property {(index: number|null) => void} read
 * @property {(x: number) => number} indexAt  pixel on the canvas → nearest snapshot
 * @property {(t: number) => number} placeOf
 * @property {(x: number) => number} timeAt
 * @property {(x: number, y: number) => Mark|null} markAt
 * @property {(layer: ((drawing: Drawing) => void)|null) => void} cover  draws a layer over all
 * @property {() => Mark[]} marks
 * @property {(size: {width: number, height: number}|null) => void} fit  null: into the room there is
 * @property {() => {lane: number, right: number}} place  of the lane, on the canvas
 *
 * @typedef {object} Choose  what the chart has the page do
 * @property {(id: string) => void} range
 * @property {(id: string) => void} view
 * @property {() => void} table
 * @property {(anchor: HTMLElement) => void} compare
 * @property {(anchor: HTMLElement) => void} save
 * @property {(zoom: import("./types.js").Window|null) => void} zoom
 * @property {(fetch: typeof import("./late.js").quietly) => Promise<void>} near  somebody is about to look closer, or does
 *
 * @typedef {object} Own  what keys and gestures on the chart look at
 * @property {Plot|null} plot
 * @property {import("./plot/scene.js").Scene|null} scene  what is shown
 * @property {number[]} t  the snapshots of the whole range
 * @property {import("./types.js").Window|null} zoom
 * @property {typeof import("./look.js")|null} look  null: nobody looked closer yet
 * @property {() => boolean} held  a gesture is under way, and nothing is to be read
 *
 * @typedef {object} Drawing  what every layer gets
 * @property {CanvasRenderingContext2D} ctx
 * @property {{left: number, right: number, top: number, bottom: number}} area
 * @property {import("./plot/geometry.js").Frame} frame
 * @property {import("./plot/paint.js").Paint} paint
 * @property {import("./plot/scene.js").Scene} scene
 * @property {ReturnType<typeof import("./plot/scene.js").axes>} axes
 * @property {Mark[]} marks
 * @property {number|null} index  the snapshot being read
 * @property {(t: number) => number} x
 * @property {(value: number) => number} y
 *
 * @typedef {object} Chart  the little of Chart.js that is used here
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} width
 * @property {{left: number, right: number, top: number, bottom: number}} chartArea
 * @property {Record<"x"|"y", {getPixelForValue(value: number): number, getValueForPixel(pixel: number): number}>} scales
 * @property {any} data
 * @property {any} options
 * @property {(mode?: string) => void} update
 * @property {() => void} draw
 * @property {(width?: number, height?: number) => void} resize
 *
 * @typedef {{draw: (below: import("./below.js").Below, body: HTMLElement) => void}} Details
 * @typedef {object} Part  a section of the page, and what it is drawn from
 * @property {string} id
 * @property {string} title
 * @property {string} what  "Flows", of which is said that they could not be loaded
 * @property {"holdings"|"flows"|"history"} of  which answer it is drawn from
 * @property {(history: import("./types.js").History) => boolean} [has]  whether the server tells of it
 * @property {(below: import("./below.js").Below) => string|import("./briefs.js").Piece[]} line  empty before there is an answer
 * @property {() => Promise<Details>} load
 * @property {string} [sheet]  the style sheet of its details
 * @property {Section} [section]
 * @property {Details} [details]
 * @property {"loading"|"failed"} [loading]
 *
 * @typedef {object} Section  its heading, line and body
 * @property {HTMLElement} element
 * @property {HTMLElement} body
 * @property {(words: string|{text: string, tone: string}[]) => void} say  the line under the title, or its pieces
 * @property {() => boolean} isOpen
 * @property {() => boolean} isNear  whether it was ever on the screen, or about to be
 *
 * @typedef {{you: string|null, bench: string|null, between: string|null, direction: number}} Ends  texts; direction tints `between`
 * @typedef {{label: string, text: string, tone: "you"|"bench"|"gain"|"loss"|"plain"}} Entry
 * @typedef {{you: [string, string], bench: [string, string]|null}} Legend  each line's words, long and short; null: there is one line
 * @typedef {{line: "you"|"bench", t: number, value: number, label: string}} Deep  a deepest point
 * @typedef {object} View  of the chart
 * @property {string} id
 * @property {string} title
 * @property {(history: import("./types.js").History) => (string|number|null)[]} you
 * @property {(history: import("./types.js").History) => (string|number|null)[]} bench
 * @property {boolean} estimates
 * @property {boolean} filled  the gap between the lines is tinted
 * @property {boolean} level  the benchmark is no line but the level the account's line is measured from
 * @property {(found: {min: number, max: number}) => {min: number, max: number}} fit  the scale, from one that fits the lines
 * @property {(reader: import("./types.js").Reader, value: number) => string} tick
 * @property {(names: import("./words.js").Names) => Legend} legend
 * @property {(reader: import("./types.js").Reader, history: import("./types.js").History) => Ends} ends
 * @property {(reader: import("./types.js").Reader, history: import("./types.js").History) => Deep[]} deepest  points ringed and named
 * @property {(reader: import("./types.js").Reader, history: import("./types.js").History, index: number) => Entry[]} read
 * @property {(names: import("./words.js").Names) => string[]} heads  of the table's columns after the day
 * @property {(reader: import("./types.js").Reader, history: import("./types.js").History, index: number) => string[]} cells
 *
 * @typedef {object} Standing  how far the figures can be trusted
 * @property {"attention"|"building"|"stale"|"partial"|"old_price"|"unpriced"|"unexplained"|"differs"|"unreconciled"|"fine"} kind
 * @property {number} at  epoch seconds of the newest complete snapshot
 * @property {boolean} past  the sentence speaks of then, not of now
 * @property {import("./types.js").Account|null} culprit  the account the state is about
 * @property {{at: string, missing: string[], wallets: string[]}|null} partial
 * @property {import("./types.js").Latest[]} latest  the newest complete snapshot of each member
 * @property {import("./standing.js").Jump[]} jumps  the changes of value of the last days that nothing explains, newest first
 * @property {string|null} difference  our value less the exchange's own total; null where it could not be read
 *
 * @typedef {object} Panel  under the sentence
 * @property {"plain"|"warn"|"error"} tone
 * @property {string} lead
 * @property {string} text
 * @property {string|null} [foreign]
 * @property {string} [foot]
 * @property {{words: string, account: string, at: string}} [shows]  a button, and the snapshot it opens
 * @property {"log"|"flows"} [leads]  to the section that has more of it, or where something can be done: a button opens it
 */
export {};
