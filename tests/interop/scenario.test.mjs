// Scenarios by name: the story begins when a client is there, the market moves, wrong files are told and refused.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { account, Gateway, Hub, mnq, subscribeAll } from "./gateway.mjs";

test("the overtrader waits for a client, then breaks five contracts", async (t) => {
  const gateway = await Gateway.start(t, "--scenario", "overtrader", "--speed", "20");
  const token = await gateway.login();
  const hub = await Hub.open(gateway.userHub, token);
  await hub.invoke("SubscribeAccounts");
  assert.deepEqual((await gateway.view(`state?accountId=${account}`)).trades, []);
  await subscribeAll(hub, account);
  await hub.wait(() => hub.data("GatewayUserPosition").some((p) => p.size > 5), "more than five contracts");
  assert.ok(hub.data("GatewayUserTrade").every((t) => t.side === 0));
  await hub.close();
});

test("in the quiet one prices move by themselves", async (t) => {
  const gateway = await Gateway.start(t, "--scenario", "quiet");
  const hub = await Hub.open(gateway.marketHub, await gateway.login());
  await hub.invoke("SubscribeContractQuotes", mnq);
  await hub.invoke("SubscribeContractTrades", mnq);
  await hub.wait(() => hub.of("GatewayQuote").length > 20 && hub.of("GatewayTrade").length > 5, "a market");
  await hub.close();
});

test("the same seed gives the same prices", async (t) => {
  const prices = async (seed) => {
    const gateway = await Gateway.start(
      t, "--scenario", "quiet", "--seed", seed, "--start-time", "2026-09-01T14:30:00Z", "--speed", "5");
    const hub = await Hub.open(gateway.marketHub, await gateway.login());
    await hub.invoke("SubscribeContractTrades", mnq);
    const prints = () => hub.of("GatewayTrade").flatMap(([, all]) => all).map((p) => `${p.price} x${p.volume}`);
    await hub.wait(() => prints().length > 200, "two hundred prints");
    await hub.close();
    return prints().join(", ");
  };
  const once = (await prices("7")).split(", ").slice(60, 100).join(", "); // two runs are joined at different moments
  assert.ok((await prices("7")).includes(once));
  assert.ok(!(await prices("8")).includes(once));
});

test("a wrong scenario is told line by line, exit code 2", async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), "interop-"));
  const file = path.join(directory, "wrong.yaml");
  await writeFile(file, "sped: 2\naccounts:\n  - {id: x}\nprices: {MNX: 1}\n");
  const run = (scenario) =>
    new Promise((resolve) => {
      const child = spawn(process.env.PAPER_GATEWAY, ["--scenario", scenario], { stdio: ["ignore", "pipe", "pipe"] });
      let err = "";
      child.stderr.on("data", (data) => (err += data));
      child.on("exit", (code) => resolve({ code, err }));
    });
  const wrong = await run(file);
  assert.equal(wrong.code, 2);
  for (const line of [1, 3, 4]) assert.match(wrong.err, new RegExp(`wrong\\.yaml:${line}: `));
  const unknown = await run("no-such-story");
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /overtrader/);
  await rm(directory, { recursive: true });
});
