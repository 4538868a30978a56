import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ModulesProvider } from "@orleans-modules/react";
import { Host } from "./host/Host.js";
import { client } from "./host/service.js";
import "./styles.css";

createRoot(document.getElementById("root")!).render( // in index.html
  <StrictMode>
    <ModulesProvider client={client}>
      <Host />
    </ModulesProvider>
  </StrictMode>,
);
