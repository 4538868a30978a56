import { program } from "./program.js";

/** Before the first test, so that no test waits for it: there is a server to start. */
export default (): void => {
  program();
};
