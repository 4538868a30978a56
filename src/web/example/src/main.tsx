import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { browserStorage, createModulesClient } from "@orleans-modules/client";
import { ModulesProvider } from "@orleans-modules/react";
import { Host } from "./host/Host.js";
import { readToken } from "./host/session.js";
import "./styles.css";

const client = createModulesClient({ token: readToken, storage: browserStorage() });

createRoot(document.getElementById("root")!).render( // in index.html
  <StrictMode>
    <ModulesProvider client={client}>
      <Host client={client} />
    </ModulesProvider>
  </StrictMode>,
);
