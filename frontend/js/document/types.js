/**
 * The shapes that the page's modules share. Types only: nothing here runs.
 *
 * @typedef {import("./experiment-types.js").Experiment} Experiment  The document of GET /api/v1/catalog’s `schema`.
 * @typedef {[number, number]} Pair
 * @typedef {[Pair, Pair]} Extent             [[a0, a1], [b0, b1]]
 *
 * @typedef {object} Field                    One knob, as the catalogue describes it.
 * @property {string} name
 * @property {string} label
 * @property {string} help
 * @property {"number"|"integer"|"boolean"|"choice"|"integers"|"text"|"optional_integer"|"optional_number"} type
 * @property {any} default
 * @property {number} [low]
 * @property {number} [high]
 * @property {Pair} [typical]               The range worth a slider.
 * @property {boolean} [log]
 * @property {{value: any, label: string}[]} [choices]
 * @property {string|null} [term]
 *
 * @typedef {object} Named                    What has a kind, as the catalogue describes it.
 * @property {string} kind
 * @property {string} label
 * @property {string} help
 * @property {string|null} [formula]
 * @property {string|null} [source]
 *
 * @typedef {Named & {fields: Field[]}} Entry
 * @typedef {Entry & {task: string, inputs: number, outputs: number, classes: number|null}} DatasetEntry
 * @typedef {Named & {expression: string, domain: Extent, start: Pair, learning_rate: number}} FormulaEntry
 * @typedef {Entry & {kind: Experiment["runs"][number]["optimizer"]["kind"], evaluations: string, unscaled: boolean}} OptimizerEntry   What a step costs, and whether it is as long as the slope is steep.
 *
 * @typedef {object} Curated                  An experiment of the menu.
 * @property {string} id
 * @property {string} title
 * @property {string} point
 * @property {string} [why]
 * @property {string} group
 * @property {Experiment} experiment
 *
 * @typedef {object} Catalog                  The answer of GET /api/v1/catalog.
 * @property {string} version
 * @property {Experiment} defaults
 * @property {Record<string, Record<string, any>>} renamed   Old names of the document's parts, by version.
 * @property {Record<string, any>} limits
 * @property {Entry[]} problems
 * @property {DatasetEntry[]} datasets
 * @property {{kind: string, label: string}[]} features
 * @property {FormulaEntry[]} formulas
 * @property {Named[]} activations
 * @property {Named[]} costs
 * @property {Named[]} outputs
 * @property {Named[]} inits
 * @property {OptimizerEntry[]} optimizers
 * @property {Entry[]} schedules
 * @property {Entry[]} clips
 * @property {Entry[]} starts
 * @property {Entry[]} planes
 * @property {Field[]} run
 * @property {Field[]} experiment
 * @property {Field[]} view
 * @property {Curated[]} experiments
 * @property {{id: string, title: string, tab: string, experiment: Experiment}[]} tour   Stops, without what is said at them.
 * @property {ExportFile[]} exports
 *
 * @typedef {object} ExportFile               A file that the service makes, asked for with a call.
 * @property {string} label
 * @property {string} point
 * @property {string} call
 * @property {string} query                   All that the same file has elsewhere.
 * @property {string} media_type
 * @property {string} ending
 * @property {boolean} copied                 A text for the clipboard rather than a file.
 * @property {boolean} on_screen              The page makes it by itself, as it shows it.
 *
 * @typedef {object} Run                      One descent as far as it has arrived; entry k is the state after k steps.
 * @property {string} label
 * @property {string} kind                    The optimizer's kind.
 * @property {string} color
 * @property {"running"|"finished"|"diverged"|"no_slope"} status   No slope: at rest where the cost has none, on a kink's tip.
 * @property {number|null} stationaryAt
 * @property {number} count                   Entries that have arrived: the arrays below are read up to it.
 * @property {Float64Array} a                 Path coordinates on the plane.
 * @property {Float64Array} b
 * @property {Float64Array} cost              True cost C(θ).
 * @property {Float64Array} projectedCost        Cost at the projection on the plane.
 * @property {Float64Array} offPlane          ‖θ − Pθ‖.
 * @property {boolean} tested                 Whether there is a test set, hence a test cost.
 * @property {Float64Array} testCost          The cost on it.
 * @property {Float64Array} examples          Examples whose gradient the steps so far have computed.
 * @property {Float64Array} evaluations       Gradients that they have computed, a line search's trials included.
 *
 * @typedef {object} Plane
 * @property {string} id
 * @property {number} generation
 * @property {boolean} provisional
 * @property {string} kind
 * @property {boolean} orthonormal
 * @property {Pair|null} varianceShare
 * @property {number|null} nullShare
 * @property {boolean} exact
 * @property {number[]} components            Shares of the leading principal components, where the plane is made of them.
 * @property {string} note
 * @property {[string, string]} labels
 * @property {Caption[]} captions   What the picture says of it.
 * @property {Record<"strong"|"text"|"brief"|"gap"|"gap_brief", string>} runCaption   The sentence of a run, with places for its numbers.
 * @property {Extent} extent
 *
 * @typedef {object} Surface
 * @property {Float64Array} a
 * @property {Float64Array} b
 * @property {Float32Array|Float64Array} cost  Row-major: cost[row of b * a.length + column of a].
 * @property {{linear: Axis, log: Axis}} height   The height axis, by the view's kinds of height.
 * @property {number} level
 * @property {number} levels
 * @property {[number, number, number][]} minima   Known or found minima: a, b, cost.
 *
 * @typedef {object} Inspection
 * @property {number} run
 * @property {Pair|null} at                   The point of the plane that was looked at in place of the step.
 * @property {number} opening                 Which of the experiments opened so far.
 * @property {string} key                     Place and experiment: two of the same key are the same.
 * @property {Record<string, any>} meta
 * @property {ArrayTree} arrays
 *
 * @typedef {object} Fault                    An RFC 9457 problem as the page shows it.
 * @property {string} title
 * @property {string} detail
 * @property {{field: string, message: string}[]} errors
 * @property {{kind: string, name: string, sha256: string}|null} [gone]   What the experiment names and the service has no more.
 *
 * @typedef {object} Frame                    One binary message of the stream, as it was read.
 * @property {string} kind
 * @property {Record<string, any>} meta
 * @property {ArrayTree} arrays
 *
 * @typedef {{data: any, shape: number[]} & {[name: string]: ArrayTree}} ArrayTree   An array, or a list or a record of such: the service's documentation says which.
 *
 * @typedef {object} Caption
 * @property {string} key
 * @property {string|null} [name]   Of a run, where the sentence is about one; it stands in front.
 * @property {string} strong   Read first.
 * @property {string} text
 * @property {string|null} [brief]  The text where room is short; without one it is left out there.
 * @property {boolean} [warn]
 * @property {string} [color]  A run's colour, where the sentence is about one run.
 *
 * @typedef {object} Axis            As it is sent with a surface.
 * @property {boolean} log
 * @property {boolean} refused       A log axis was asked for and the costs do not allow it.
 * @property {number} low            Costs at the ends.
 * @property {number} high
 * @property {Pair} drawn    Costs between which the surface is drawn.
 * @property {number} span           How much of the axis the surface takes up, in costs.
 * @property {[number, string][]} ticks
 * @property {Pair} scene_lines   The first contour line and the step between two, as places on the axis.
 * @property {Pair} map_lines
 * @property {number[]} ranks        Shares of the axis where colours by rank stand.
 * @property {Caption[]} captions
 * @property {string[]} notes
 *
 * @typedef {object} Drawn
 * @property {number} low            Ends of the axis: costs, or their decimal logarithms when `log`.
 * @property {number} high
 * @property {number} lowCost        The same ends as costs.
 * @property {number} highCost
 * @property {number[]} [stops]      Colours by rank: the shares of the axis where each colour stands; evenly spaced without.
 * @property {(cost: number) => number} of  A cost's place on the axis, raised to the floor where a log demands it.
 *
 * @typedef {Omit<Axis, "low"|"high"> & Drawn} Heights
 *
 * @typedef {object} Steps           The answers for one descent, as it is computed now.
 * @property {Run[]} runs
 * @property {string} plane
 * @property {number} focus
 * @property {Frame[]} frames
 *
 * @typedef {object} Model           The newest answers, each for a place of its own while the cursor moves.
 * @property {string} plane
 * @property {{frame: Frame, place: Record<string, any>}|null} quadratic
 * @property {{frame: Frame, place: Record<string, any>}|null} newton   Null where Newton's step cannot be had.
 *
 * @typedef {object} AlongRun                 What is known of the curvature along a run, and of its rule's bound.
 * @property {number} opening                 Of which of the experiments opened so far.
 * @property {Frame|null} frame
 * @property {string|null} refused
 * @property {boolean} whole                  Nothing more of it is on its way.
 *
 * @typedef {object} HistoryEntry             A thing that was done.
 * @property {Experiment} document            What it led to.
 * @property {string} words                   “learning rate of Adam, 0.05 to 0.1”; empty for what the page began with.
 * @property {string} [of]                    What it was done to: two in a row of the same, in one go, are one.
 * @property {number|null} tour               The stop of the tour that it was done at.
 *
 * @typedef {object} History
 * @property {readonly HistoryEntry[]} entries   Oldest first.
 * @property {number} at                      The entry that the page is at; those after it were undone.
 * @property {number} forgotten               How many older ones were let go.
 *
 * @typedef {object} AppState
 * @property {Catalog|null} catalog
 * @property {Record<string, any>|null} glossary   By term.
 * @property {Experiment|null} doc
 * @property {Record<string, any>|null} minimal   The shortest document that means the same as `doc` did when it was opened.
 * @property {ConnectionState} connection
 * @property {SessionState} phase
 * @property {boolean} held                   What was asked for waits until the connection is back.
 * @property {number} entry                   Of the history: grows with every experiment that is chosen on the page.
 * @property {{done: number, total: number}|null} descentProgress
 * @property {{dim: number, exact: boolean, layers: {name: string, size: number}[], parameters: string[], formula?: string|null, sloped?: boolean, ownInputs?: number|null}|null} problem   `parameters` names them, unless there are very many. sloped: whether the gradient of its cost is known. ownInputs: what the data make, features not counted.
 * @property {number} steps                   Steps the document asks for.
 * @property {Run[]} runs
 * @property {number} arrived                 Grows with every frame of steps: subscribe to it to redraw paths.
 * @property {Plane|null} plane
 * @property {Surface|null} surface
 * @property {Heights|null} heights   The height axis that the surface is drawn on.
 * @property {{done: number, total: number}|null} surfaceProgress
 * @property {number|null} queuePlace   How many wait for the service before the page’s turn, itself counted.
 * @property {number} step                    The cursor: the step that every view shows.
 * @property {boolean} playing
 * @property {number} speed                   Multiples of the ordinary pace.
 * @property {number} focus                   The run that the Network and Step views show.
 * @property {number|null} lifted             The run under the pointer, drawn on top.
 * @property {Inspection|null} inspection
 * @property {Frame|null} data   The examples as they are drawn on the data plane.
 * @property {{at: Pair, plane: string}|null} look  A point of the plane that the views show in place of the cursor.
 * @property {Drawing|null} drawing          Points of one's own, while they are drawn.
 * @property {"start"|"look"|"mark"} click   What a click on the surface does; marking is asked for by a question.
 * @property {Live|null} live                 The slice under the cursor, while the plane travels or the surface is another.
 * @property {Steps|null} arrows   The vectors of the steps around the cursor, while they are shown.
 * @property {{run: number, step: number, plane: string, frame: Frame}|null} others   What every other rule would have done there.
 * @property {Model|null} model   The quadratic model around the place under the cursor, while it is shown.
 * @property {Record<number, AlongRun>} sharpness   By run, asked for once the runs are whole.
 * @property {Record<string, Frame|null>} found   The newest answer for each overlay, by the study's kind.
 * @property {Record<string, string>} refusals   Why an overlay cannot be had, by the study's kind.
 * @property {History} history   What was done to the document, and what of it was undone.
 * @property {Fault|null} fault
 * @property {string|null} notice             A short, passing sentence for the learner.
 * @property {"light"|"dark"} theme
 * @property {boolean} filled       Whether the stage has the window for itself.
 * @property {boolean} presenting   Whether the page is shown to a room.
 * @property {number|null} tour               The stop of the tour that is open.
 * @property {string|null} wanted             A view that was asked for elsewhere than in its tab: a phone opens it.
 * @property {OpenAssignment|null} assignment   What a teacher has set, or a student handed in.
 * @property {Pair|null} marked               The point of the plane that a click has marked, newest.
 * @property {{at: Pair, text: string}[]} places   What is marked on the picture.
 *
 * @typedef {object} OpenAssignment
 * @property {string} link                    Its address’s hash.
 * @property {string} title
 * @property {Record<string, "free"|"fixed"|"hidden">} holds   What of the experiment is held as it is.
 * @property {(changed: Experiment, before: Experiment) => {doc: Experiment, kept: string[]}} keep   What is left of a change, and what was put back, in words.
 * @property {any} given                      The whole, as classroom/assignment.js reads it.
 * @property {any} submission                 What a student has handed in, where the link is such.
 *
 * @typedef {(hash: string, prefix?: string, what?: string) => Promise<Record<string, any>|null>} Unpack
 *
 * @typedef {object} Tools                    What the classroom is lent of the page.
 * @property {(document: unknown, prefix?: string) => Promise<string>} pack   As an address’s hash.
 * @property {Unpack} unpack
 * @property {() => Record<string, any>} experiment       On show, as short as a permalink’s.
 * @property {(hash: string, query?: string) => string} addressOf   The page’s with that hash.
 * @property {() => Promise<string>} policy               The content security policy that the page is served with.
 * @property {(blob: Blob, name: string) => void} save    To a file.
 * @property {(experiment: Record<string, any>) => Promise<Computed>} compute
 *
 * @typedef {object} Computed
 * @property {Experiment} experiment   With every value that it leaves to be as usual.
 * @property {{cost: (number|null)[]}[]} runs
 *
 * @typedef {number|string} Label   A class's name, or the value that is to be learnt.
 *
 * @typedef {object} Points                   Points of one's own.
 * @property {number[][]} x                   A row of one input or two for each.
 * @property {Label[]} y
 * @property {1|2} inputs
 * @property {"classes"|"regression"} task
 *
 * @typedef {object} Drawing
 * @property {Points} points   Truer than the document's while there are too few to learn from.
 * @property {Points[]} past   What can be undone, oldest first.
 * @property {[[number, number], [number, number]]} window   Of the data plane: it stands still while points move.
 * @property {Label} label     Of the next point.
 * @property {"add"|"erase"} tool
 *
 * @typedef {object} Live
 * @property {number} run
 * @property {number} step
 * @property {string} surfaceCost
 * @property {boolean} travels
 * @property {number|null} examples           That its cost is the mean over, and how many the training set has.
 * @property {number|null} all
 * @property {Surface} surface
 * @property {Run[]} runs                     With heights over this surface; NaN where they are not told.
 *
 * @typedef {"connecting"|"open"|"lost"|"refused"} ConnectionState   model/state.js says from which to which they go.
 * @typedef {"empty"|"opening"|"arriving"|"computing"|"ready"} SessionState
 *
 * @typedef {object} Loading
 * @property {number|null} [tour]     The stop of the tour that it belongs to; by default the one that is open.
 * @property {OpenAssignment|null} [assignment]   What it belongs to; by default the one that is open, unless the tour is spoken of.
 * @property {"own"|"same"} [entry]   Whether it has a history entry of its own: not what the address asked for, nor an undone change.
 *
 * @typedef {(frame: Frame|null, problem: Record<string, any>|null) => void} StudyAnswer
 *   Called with every frame; at the end with null where it is refused or given up, and why.
 *
 * @typedef {object} Store
 * @property {() => AppState} get
 * @property {(patch: Partial<AppState>) => void} set
 * @property {(keys: (keyof AppState)[], listener: (state: AppState) => void) => () => void} watch
 *
 * @typedef {object} Actions                  What a view may ask for; main.js carries it out.
 * @property {(path: (string|number)[], value: any) => void} change   Set one value of the document: [“runs”, 0, “batch_size”].
 * @property {(doc: Experiment, options?: Loading) => void} load       Replace the document (menu, link).
 * @property {(at: Pair) => void} startAt                             Start every run at this point of the plane.
 * @property {() => void} restartAtInit                               Back to the initial weights.
 * @property {() => void} toggle                                      Play or pause.
 * @property {(count: number) => void} stepBy
 * @property {(step: number) => void} seek
 * @property {(speed: number) => void} setSpeed
 * @property {(steps: number) => void} extend                         Go on past the end.
 * @property {() => void} refit
 * @property {(run: number) => void} addOrCopyRun
 * @property {(run: number) => void} removeRun
 * @property {(run: number, optimizer: Record<string, any>) => void} editRun   Change an optimizer from the current step on.
 * @property {(run: number, parameter: number, value: number) => void} editWeight   Set one parameter by hand at the current step.
 * @property {(run: number) => void} focusRun
 * @property {() => void} undo                                        Take back what was done last.
 * @property {() => void} redo                                        Do it again.
 * @property {() => void} cancel
 * @property {(at: Pair|null) => void} lookAt                         Show the network at a point of the plane; null goes back to the cursor.
 * @property {() => void} standStill                                  Back to the training set's surface in the fitted plane.
 * @property {(place: Record<string, any>, wanted: {kind: string} & Record<string, any>, answer: StudyAnswer) => () => void} study   What it returns gives the study up.
 * @property {(question: Record<string, any>) => Promise<Frame|null>} inspect   Null where it is refused or given up.
 * @property {(size: "screen"|"print") => void} savePicture   Of the stage as it stands.
 * @property {(file: ExportFile) => void} download         As the catalogue lists it.
 * @property {(file: ExportFile) => void} copyFile         To the clipboard, or where that is refused as a file.
 * @property {(address: string, body: BodyInit, type: string) => Promise<any>} upload   Hands the service a file's bytes; throws a Fault where it refuses them.
 * @property {(dataset: Record<string, any>) => Promise<any>} tableOf   What the table of an experiment holds; throws a Fault where it is gone.
 * @property {() => Promise<void>} copyLink
 * @property {(points: Points, window: Drawing["window"]) => void} beginDrawing   Draw one's own points, beginning with these.
 * @property {(points: Points, again?: boolean) => void} draw   again: as a part of the change before.
 * @property {() => void} undoDrawing
 * @property {(choice: Partial<Pick<Drawing, "label"|"tool">>) => void} drawWith
 * @property {() => void} endDrawing
 * @property {(theme: "light"|"dark") => void} setTheme
 * @property {(stop: number|null, options?: Loading) => void} visit  Go to a stop of the tour, or leave it (null).
 */
export {};
