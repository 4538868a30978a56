// @vitest-environment jsdom
import { act } from "@testing-library/react";
import { Profiler, StrictMode } from "react";
import { describe, expect, it } from "vitest";
import { FakeService, moduleOf, problem } from "../../client/test/fake-service.js";
import { MemoryStorage } from "../../client/test/harness.js";
import { ModuleConditional, ModuleGate } from "../src/index.js";
import { pass, renderRed, fakeTime } from "./harness.js";

fakeTime();

const gate = <ModuleGate moduleName="kb" fallback="off" loading="wait" error="broken">on</ModuleGate>;

describe("ModuleGate (D10)", () => {
  it("shows loading, then its children; the fallback never flashes", async () => {
    const seen: (string | null)[] = [];
    const { text } = renderRed(<Profiler id="gate" onRender={() => seen.push(document.body.textContent)}>{gate}</Profiler>);
    seen.push(text());
    await pass();
    seen.push(text());
    expect(seen).not.toContain("off");
    expect(text()).toBe("on");
  });

  it("shows nothing at all while loading unless told", () => {
    const { text } = renderRed(<ModuleGate moduleName="kb" fallback="off">on</ModuleGate>);
    expect(text()).toBe("");
  });

  it("follows a change without a reload", async () => {
    const { service, text } = renderRed(gate);
    await pass();
    service.change("s1.o1.w2", [moduleOf("kb", { isAvailable: false })]);
    await pass();
    expect(text()).toBe("off");
    service.change("s1.o1.w3", [moduleOf("kb")]);
    await pass();
    expect(text()).toBe("on");
  });

  it("shows the fallback of a module that nobody knows", async () => {
    const { text } = renderRed(<ModuleGate moduleName="nobody" fallback="off">on</ModuleGate>);
    await pass();
    expect(text()).toBe("off");
  });

  it("shows the error where nothing can be known, and the fallback where no error is given", async () => {
    const service = new FakeService();
    service.goAway();
    const { text } = renderRed(<>{gate} <ModuleGate moduleName="kb" fallback="off">on</ModuleGate></>, { service });
    await pass();
    expect(text()).toBe("broken off");
  });

  it("shows the last-known-good answer at once, on the first render", async () => {
    const storage = new MemoryStorage();
    const before = renderRed(gate, { storage });
    await pass();
    before.unmount();
    const service = new FakeService();
    service.goAway();
    const { text } = renderRed(gate, { storage, service });
    expect(text()).toBe("on");
    await pass(60_000);
    expect(text()).toBe("on");
  });

  it("goes on showing what it showed when the service goes away, and closes when access is taken", async () => {
    const { service, text } = renderRed(gate);
    await pass();
    service.goAway();
    await pass(3_600_000);
    expect(text()).toBe("on");
    service.instead = () => problem(403, "forbidden");
    await pass(60_000);
    expect(text()).toBe("broken");
  });

  it("renders a thousand times with one request and one stream, also in strict mode", async () => {
    const { service, text } = renderRed(<StrictMode>{Array.from({ length: 1_000 }, (_, i) => <ModuleGate key={i} moduleName={i % 2 ? "kb" : "chat"}>x</ModuleGate>)}</StrictMode>);
    await pass();
    expect(text()).toBe("x".repeat(1_000));
    expect([service.maps.length, service.streams.length]).toEqual([1, 1]);
  });

  it("renders again only where its own module changed", async () => {
    let renders = 0;
    const { service } = renderRed(Array.from({ length: 1_000 }, (_, i) => (
      <Profiler key={i} id={String(i)} onRender={() => renders++}>
        <ModuleGate moduleName={i === 0 ? "chat" : "kb"}>x</ModuleGate>
      </Profiler>)));
    await pass();
    renders = 0;
    service.change("s1.o1.w2", [moduleOf("kb"), moduleOf("chat", { isAvailable: false })]);
    await pass();
    expect(renders).toBe(1);
    service.goAway();
    await pass(120_000);
    expect(renders).toBe(1);
  });
});

describe("ModuleConditional (D11)", () => {
  it("is told every phase, with the module and the error", async () => {
    const service = new FakeService();
    service.goAway();
    const { text } = renderRed(
      <ModuleConditional moduleName="kb">{({ phase, isAvailable, module, error }) => `${phase} ${String(isAvailable)} ${JSON.stringify(module?.config)} ${error?.kind}`}</ModuleConditional>,
      { service });
    expect(text()).toBe("loading false undefined undefined");
    await pass();
    expect(text()).toBe("error false undefined network");
    service.comeBack();
    service.modules = [moduleOf("kb", { config: { limit: 5 } })];
    await pass(10_000);
    expect(text()).toBe('available true {"limit":5} undefined');
    act(() => service.change("s1.o1.w2", [moduleOf("kb", { isAvailable: false })]));
    await pass();
    expect(text()).toBe("unavailable false {} undefined");
  });
});
