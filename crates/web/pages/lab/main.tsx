// Where does the page begin? Here: the styles are loaded, and the shell is put where the page is empty.

import { render } from "preact";
import { Shell } from "./shell.tsx";
import "./theme.ts";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/bars.css";
import "./style/fields.css";
import "./style/compare.css";
import "./style/views.css";
import "./style/stage.css";

const place = document.getElementById("app");
if (place) render(<Shell />, place);
