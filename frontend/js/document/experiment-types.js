/**
 * The experiment's types, written by tests/frontend/document_types.py from its JSON schema, not by hand.
 * Types only: nothing here runs. Below the view and the runs a part may be short until the service has
 * filled it in.
 */

/**
 * @template T
 * @typedef {T extends any ? keyof T : never} KeysOf   Of any of the shapes.
 */

/**
 * One of several shapes; what only another one has is undefined.
 *
 * @template T
 * @template [One=T]
 * @typedef {One extends any ? One & Partial<Record<Exclude<KeysOf<T>, keyof One>, undefined>> : never} OneOf
 */

/**
 * @typedef {object} AMSGrad
 * @property {"amsgrad"} kind
 * @property {number} [learning_rate]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [epsilon]
 *
 * @typedef {object} Adadelta
 * @property {"adadelta"} kind
 * @property {number} [learning_rate]
 * @property {number} [decay]
 * @property {number} [epsilon]
 *
 * @typedef {object} Adagrad
 * @property {"adagrad"} kind
 * @property {number} [learning_rate]
 * @property {number} [epsilon]
 *
 * @typedef {object} Adam
 * @property {"adam"} kind
 * @property {number} [learning_rate]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [epsilon]
 *
 * @typedef {object} AdamW
 * @property {"adamw"} kind
 * @property {number} [learning_rate]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [epsilon]
 * @property {number} [weight_decay]
 *
 * @typedef {object} AxesPlane
 * @property {"axes"} kind
 * @property {[number, number]} [parameters]
 * @property {PointSpec|null} [origin]
 *
 * @typedef {object} Camera
 * @property {Eye} eye
 *
 * @typedef {object} ChainProblem
 * @property {"chain"} kind
 * @property {OneOf<LineData|SineData|PlaneData|GaussiansData|XorData|CirclesData|MoonsData|SpiralsData|IrisData|WineData|DigitsData|InlineData|TableData>} [dataset]
 * @property {"linear"|"sigmoid"|"tanh"|"relu"|"leaky_relu"|"softplus"|"gelu"} [activation]
 * @property {"zeros"|"normal"|"xavier"|"he"} [init]
 *
 * @typedef {object} CirclesData
 * @property {"circles"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} Clip
 * @property {number|null} [norm]
 * @property {number|null} [value]
 *
 * @typedef {object} Constant
 * @property {"constant"} kind
 *
 * @typedef {object} Cosine
 * @property {"cosine"} kind
 * @property {number} [floor]
 *
 * @typedef {object} CustomPlane
 * @property {"custom"} kind
 * @property {number[]} origin
 * @property {[number[], number[]]} basis
 *
 * @typedef {object} DigitsData
 * @property {"digits"} kind
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} Edit
 * @property {number} step
 * @property {number} [run]
 * @property {OneOf<GradientDescent|Momentum|Nesterov|Adagrad|Adadelta|RMSProp|Adam|AMSGrad|Nadam|AdamW|Lion|Muon|SAM|Newton|SaddleFreeNewton|LBFGS>|null} [optimizer]
 * @property {Record<string, number>|null} [set]
 *
 * @typedef {object} ExploredProblem
 * @property {"explored"} kind
 * @property {string} id
 * @property {string} [name]
 *
 * @typedef {object} Exponential
 * @property {"exponential"} kind
 * @property {number} [decay]
 *
 * @typedef {object} Eye
 * @property {number} x
 * @property {number} y
 * @property {number} z
 *
 * @typedef {object} FormulaProblem
 * @property {"formula"} kind
 * @property {"bowl"|"ravine"|"saddle"|"monkey_saddle"|"double_well"|"plateau"|"rosenbrock"|"himmelblau"|"beale"|"booth"|"matyas"|"mccormick"|"goldstein_price"|"branin"|"six_hump_camel"|"three_hump_camel"|"styblinski_tang"|"freudenstein_roth"|"peaks"|"rastrigin"|"ackley"|"griewank"|"levy"|"bohachevsky"|"easom"|"cross_in_tray"|null} [name]
 * @property {string|null} [expression]
 * @property {[[number, number], [number, number]]|null} [domain]
 *
 * @typedef {object} GaussiansData
 * @property {"gaussians"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} GradientDescent
 * @property {"gd"} kind
 * @property {number} [learning_rate]
 *
 * @typedef {object} GradientPlane
 * @property {"gradient"} kind
 * @property {number} [run]
 * @property {number} [step]
 *
 * @typedef {object} GridSpec
 * @property {number} resolution
 * @property {"fit"|[[number, number], [number, number]]} extent
 *
 * @typedef {object} HessianPlane
 * @property {"hessian"} kind
 * @property {number} [run]
 * @property {number|null} [step]
 *
 * @typedef {object} InitStart
 * @property {"init"} kind
 *
 * @typedef {object} InlineData
 * @property {"inline"} kind
 * @property {number[][]} x
 * @property {((string|number)[])[]} y
 * @property {"regression"|"classes"|null} [task]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} IrisData
 * @property {"iris"} kind
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} LBFGS
 * @property {"lbfgs"} kind
 * @property {number} [learning_rate]
 * @property {number} [history]
 *
 * @typedef {object} LiftStart
 * @property {"lift"} kind
 * @property {[number, number]} at
 * @property {OneOf<PcaPlane|AxesPlane|RandomPlane|HessianPlane|GradientPlane|PointsPlane|CustomPlane>|null} [plane]
 * @property {number|null} [steps]
 *
 * @typedef {object} LineData
 * @property {"line"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} LinearProblem
 * @property {"linear"} kind
 * @property {OneOf<LineData|SineData|PlaneData|GaussiansData|XorData|CirclesData|MoonsData|SpiralsData|IrisData|WineData|DigitsData|InlineData|TableData>} [dataset]
 * @property {"zeros"|"normal"|"xavier"|"he"} [init]
 *
 * @typedef {object} Lion
 * @property {"lion"} kind
 * @property {number} [learning_rate]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [weight_decay]
 *
 * @typedef {object} Momentum
 * @property {"momentum"} kind
 * @property {number} [learning_rate]
 * @property {number} [momentum]
 *
 * @typedef {object} MoonsData
 * @property {"moons"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} Muon
 * @property {"muon"} kind
 * @property {number} [learning_rate]
 * @property {number} [momentum]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [epsilon]
 * @property {number} [weight_decay]
 *
 * @typedef {object} Nadam
 * @property {"nadam"} kind
 * @property {number} [learning_rate]
 * @property {number} [beta1]
 * @property {number} [beta2]
 * @property {number} [epsilon]
 * @property {number} [momentum_decay]
 *
 * @typedef {object} Nesterov
 * @property {"nesterov"} kind
 * @property {number} [learning_rate]
 * @property {number} [momentum]
 *
 * @typedef {object} NetworkProblem
 * @property {"network"} kind
 * @property {OneOf<LineData|SineData|PlaneData|GaussiansData|XorData|CirclesData|MoonsData|SpiralsData|IrisData|WineData|DigitsData|InlineData|TableData>} [dataset]
 * @property {("x1^2"|"x2^2"|"x1*x2"|"sin x1"|"sin x2")[]} [features]
 * @property {number[]} [hidden]
 * @property {"linear"|"sigmoid"|"tanh"|"relu"|"leaky_relu"|"softplus"|"gelu"|("linear"|"sigmoid"|"tanh"|"relu"|"leaky_relu"|"softplus"|"gelu")[]} [activation]
 * @property {"sigmoid"|"softmax"|"linear"|null} [output]
 * @property {"mse"|"bce"|"cross_entropy"|"huber"} [cost]
 * @property {"zeros"|"normal"|"xavier"|"he"} [init]
 * @property {number} [l1]
 * @property {number} [l2]
 *
 * @typedef {object} Newton
 * @property {"newton"} kind
 * @property {number} [learning_rate]
 * @property {number} [damping]
 *
 * @typedef {object} Nudge
 * @property {number} parameter
 * @property {number} seed
 * @property {"gradient"|"parameter"|"random"|"step"|"plane"} direction
 * @property {[number, number]} vector
 * @property {number} size
 *
 * @typedef {object} Overlays
 * @property {boolean} gradient_field
 * @property {boolean} critical_points
 * @property {"none"|"minima"|"against"} basins
 * @property {"none"|"step"|"all"} arrows
 * @property {boolean} quadratic_model
 * @property {boolean} random_walk
 *
 * @typedef {object} PcaPlane
 * @property {"pca"} kind
 * @property {"all"|number[]} [runs]
 * @property {"mean"|"start"|"end"} [center]
 *
 * @typedef {object} PlaneData
 * @property {"plane"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} PointSpec
 * @property {number} [run]
 * @property {number|null} [step]
 * @property {number[]|null} [theta]
 *
 * @typedef {object} PointStart
 * @property {"point"} kind
 * @property {[number, number]} at
 *
 * @typedef {object} PointsPlane
 * @property {"points"} kind
 * @property {[PointSpec, PointSpec, PointSpec]|null} [points]
 *
 * @typedef {object} RMSProp
 * @property {"rmsprop"} kind
 * @property {number} [learning_rate]
 * @property {number} [decay]
 * @property {number} [epsilon]
 *
 * @typedef {object} RandomPlane
 * @property {"random"} kind
 * @property {number} [seed]
 * @property {"none"|"layer"|"filter"} [normalization]
 * @property {boolean} [biases]
 * @property {PointSpec} [origin]
 *
 * @typedef {object} RecordedSpec
 * @property {string} sha256
 * @property {string|null} [name]
 *
 * @typedef {object} RunSpec
 * @property {OneOf<GradientDescent|Momentum|Nesterov|Adagrad|Adadelta|RMSProp|Adam|AMSGrad|Nadam|AdamW|Lion|Muon|SAM|Newton|SaddleFreeNewton|LBFGS>} optimizer
 * @property {number|null} batch_size
 * @property {OneOf<Constant|Staircase|Exponential|Cosine|WarmUp>} schedule
 * @property {Clip|null} clip
 * @property {number} gradient_noise
 * @property {string|null} label
 * @property {OneOf<InitStart|PointStart|ThetaStart|LiftStart|StoredStart>|null} start
 * @property {number|null} init_seed
 * @property {RecordedSpec|null} recorded
 *
 * @typedef {object} SAM
 * @property {"sam"} kind
 * @property {number} [learning_rate]
 * @property {number} [radius]
 * @property {"gd"|"momentum"|"nesterov"|"adagrad"|"adadelta"|"rmsprop"|"adam"|"amsgrad"|"nadam"|"adamw"|"lion"|"muon"} [base]
 *
 * @typedef {object} SaddleFreeNewton
 * @property {"saddle_free_newton"} kind
 * @property {number} [learning_rate]
 * @property {number} [damping]
 *
 * @typedef {object} SineData
 * @property {"sine"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} SpiralsData
 * @property {"spirals"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} Staircase
 * @property {"step"} kind
 * @property {number} [every]
 * @property {number} [decay]
 *
 * @typedef {object} StoredStart
 * @property {"stored"} kind
 * @property {string} sha256
 * @property {number|null} [entry]
 *
 * @typedef {object} TableColumn
 * @property {string} name
 * @property {string[]} cells
 *
 * @typedef {object} TableData
 * @property {"table"} kind
 * @property {string} [name]
 * @property {string|null} [sha256]
 * @property {TableColumn[]|null} [columns]
 * @property {string} target
 * @property {string[]|null} [inputs]
 * @property {"regression"|"classes"|null} [task]
 * @property {"drop"|"mean"} [missing]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} ThetaStart
 * @property {"theta"} kind
 * @property {number[]} values
 *
 * @typedef {object} View
 * @property {OneOf<PcaPlane|AxesPlane|RandomPlane|HessianPlane|GradientPlane|PointsPlane|CustomPlane>|null} plane
 * @property {GridSpec} grid
 * @property {"linear"|"log"} height
 * @property {"height"|"rank"} colors
 * @property {boolean} moving_plane
 * @property {"train"|"batch"|"test"} surface
 * @property {Overlays} overlays
 * @property {"3d"|"contour"|"both"|"lab"} stage
 * @property {"chain"|"lines"|"backprop"|"nudge"|"cost"} lab
 * @property {string} tab
 * @property {"steps"|"examples"|"evaluations"} compare_by
 * @property {number} example
 * @property {Nudge} nudge
 * @property {number} run
 * @property {"light"|"dark"|null} theme
 * @property {Camera|null} camera
 * @property {number|null} step
 *
 * @typedef {object} WarmUp
 * @property {"warmup"} kind
 * @property {number} [length]
 *
 * @typedef {object} WineData
 * @property {"wine"} kind
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} XorData
 * @property {"xor"} kind
 * @property {number} [n]
 * @property {number} [noise]
 * @property {number} [seed]
 * @property {number} [test_fraction]
 * @property {boolean} [standardize]
 *
 * @typedef {object} Experiment
 * @property {2} version
 * @property {OneOf<LinearProblem|ChainProblem|NetworkProblem|FormulaProblem|ExploredProblem>} problem
 * @property {RunSpec[]} runs
 * @property {OneOf<InitStart|PointStart|ThetaStart|LiftStart|StoredStart>} start
 * @property {number} steps
 * @property {number} seed
 * @property {Edit[]} edits
 * @property {View} view
 */
export {};
