/** Every panel, a line each; its own file says all that is known of it. */

export { COST } from "./cost.js";
export { CURVATURE } from "./curvature.js";
export { NETWORK } from "./network.js";
export { STEP } from "./step.js";
