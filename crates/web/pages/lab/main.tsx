// The entry point: loads the styles and renders the page.

import { render } from "preact";
import { Layout } from "./layout.tsx";
import "./theme.ts";
import "./style/base.css";
import "./style/layout.css";
import "./style/components.css";
import "./style/charts.css";
import "./style/forms.css";
import "./style/compare.css";
import "./style/views.css";
import "./style/exercises.css";
import "./style/lessons.css";
import "./style/class.css";
import "./style/print.css";

const root = document.getElementById("app");
if (root) render(<Layout />, root);
