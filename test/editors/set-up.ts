/** Before the suite: the editors are there, or the whole of it fails. */
import { installEditors } from "./install.mjs";

export default installEditors;
