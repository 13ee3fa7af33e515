// The risk manager and the official client on the same hubs of the same run: what one hears, the other hears too, in
// the same order, and what the risk manager makes of it is that and nothing else.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { account, bracketAccount, Gateway, Hub, mnq, subscribeAll, until } from "./gateway.mjs";

const program = process.env.RISK_MANAGER;
assert.ok(program, "RISK_MANAGER must name the risk-manager binary");

// A risk manager whose only rule is never broken, and its log of every record that it hears.
class RiskManager {
  static async start(test, gateway) {
    const dir = await mkdtemp(path.join(os.tmpdir(), "interop-"));
    const config = path.join(dir, "risk.yaml");
    await writeFile(config, `
rules: {max_contracts: {max_contracts: 100}}
log: {level: trace}
gateway:
  api_url: "${gateway.url}"
  user_hub_url: "${gateway.url}/hubs/user"
  market_hub_url: "${gateway.url}/hubs/market"
  frozen_feed_after: 1h
`);
    const child = spawn(program, ["start", "--config", config, "--data-dir", path.join(dir, "data")], {
      stdio: ["ignore", "ignore", "ignore"],
      env: { ...process.env, PROJECT_X_USERNAME: "paper", PROJECT_X_API_KEY: "paper-key" },
    });
    process.once("exit", () => child.kill("SIGKILL"));
    const exited = new Promise((resolve) => child.once("exit", resolve));
    test.after(async () => {
      child.kill("SIGTERM");
      assert.equal(await exited, 0);
      await rm(dir, { recursive: true });
    });
    return new RiskManager(path.join(dir, "data", "log", "risk-manager.json.log"));
  }
  constructor(log) {
    this.file = log;
  }
  async lines(event) {
    const text = await readFile(this.file, "utf8").catch(() => "");
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return whole.split("\n").filter(Boolean).map((line) => JSON.parse(line)).filter((line) => line.event === event);
  }
  // Every call of that hub, as the official client's handlers would be given it.
  async heard(hub) {
    const lines = (await this.lines("heard")).filter((line) => line.hub === hub);
    return lines.map((line) => ({ target: line.target, args: JSON.parse(line.message) }));
  }
}

const trade = (gateway, accountId, side, size, more = {}) =>
  gateway.control("trade", { accountId, symbol: "MNQ", side, size, ...more });
const price = (gateway, last) => gateway.control("price", { symbol: "MNQ", last });

async function subscribed(gateway, hub, clients, count) {
  await until(async () => {
    const { connections } = await gateway.view("subscriptions");
    return connections.filter((c) => c.hub === hub && c.subscriptions.length >= count).length === clients;
  }, `${clients} clients subscribed to the ${hub} hub`);
}

// Both lists are still growing: waits until they are equal, and shows the difference when they never are.
async function agree(ours, theirs) {
  let last;
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    last = [await ours(), theirs()];
    if (isDeepStrictEqual(...last)) return;
  }
  assert.deepEqual(...last);
}

// From the quote at one price to that at another, both included.
function between(log, from, to) {
  const at = (wanted) => log.findIndex((e) => e.target === "GatewayQuote" && e.args[1].lastPrice === wanted);
  return at(from) < 0 || at(to) < 0 ? [] : log.slice(at(from), at(to) + 1);
}

test("both hear the same over fills, orders, cancels and a drop of each hub", async (t) => {
  const gateway = await Gateway.start(t);
  await gateway.control("settings", { streamsPerUser: 0 });
  const token = await gateway.login();
  const again = (builder) => builder.withAutomaticReconnect([0, 50, 100, 200, 400, 800, 1600, 3200]);
  const user = await Hub.open(gateway.userHub, token, "negotiated", again);
  const market = await Hub.open(gateway.marketHub, token, "negotiated", again);
  t.after(() => Promise.all([user.close(), market.close()]));
  const subscribeUser = () => subscribeAll(user, account, bracketAccount);
  const subscribeMarket = async () => {
    for (const topic of ["Quotes", "Trades"]) await market.invoke("SubscribeContract" + topic, mnq);
  };
  user.connection.onreconnected(subscribeUser);
  market.connection.onreconnected(subscribeMarket);
  await subscribeUser();
  await subscribeMarket();
  const ours = await RiskManager.start(t, gateway);
  await subscribed(gateway, "user", 2, 7);

  const sameOnTheUserHub = () => agree(() => ours.heard("user"), () => user.log);

  // fills, a working order that is cancelled, one that is filled by the price, a bracket, an account that is stopped
  await trade(gateway, account, "buy", 2);
  await trade(gateway, account, "sell", 1, { type: "limit", limitPrice: 29700 });
  const { workingOrders } = await gateway.view(`state?accountId=${account}`);
  await gateway.control("cancel", { accountId: account, orderId: workingOrders[0].id });
  await trade(gateway, bracketAccount, "buy", 1, { type: "limit", limitPrice: 29490 });
  await price(gateway, 29489);
  const sell = { accountId: bracketAccount, contractId: mnq, type: 2, side: 1, size: 1 };
  await gateway.done("/api/Order/place", sell, token);
  await gateway.control("account", { accountId: account, canTrade: false });
  await gateway.control("account", { accountId: account, canTrade: true });
  await subscribed(gateway, "market", 2, 2);
  await sameOnTheUserHub();

  // prices between two marks: before the first, each heard the whole quote when it subscribed
  const sameOnTheMarketHub = async (from, steps, to) => {
    for (const last of [from, ...steps, to]) await price(gateway, last);
    const wanted = () => between(market.log, from, to);
    await until(() => wanted().length > 0, "the prices");
    await agree(async () => between(await ours.heard("market"), from, to), wanted);
    assert.ok(wanted().length >= steps.length + 2);
    assert.deepEqual([...new Set(wanted().map((e) => e.target))].sort(), ["GatewayQuote", "GatewayTrade"]);
  };
  await sameOnTheMarketHub(29500.25, [29501, 29502.5, 29501.75], 29503);

  // both hubs drop; what is traded meanwhile neither of them hears
  for (const hub of ["user", "market"]) {
    await gateway.control("hub/refuse", { hub, seconds: 1 });
    await gateway.control("hub/close", { hub, allow_reconnect: true });
  }
  for (const [hub, count] of [["user", 7], ["market", 2]]) await subscribed(gateway, hub, 0, count);
  await trade(gateway, account, "buy", 1);
  await subscribed(gateway, "user", 2, 7);
  await subscribed(gateway, "market", 2, 2);
  await trade(gateway, account, "sell", 1);
  await trade(gateway, account, "buy", 1, { type: "stop", stopPrice: 29600 });
  await gateway.control("close", { accountId: account, symbol: "MNQ" });
  await gateway.control("close", { accountId: bracketAccount, symbol: "MNQ" });
  await sameOnTheUserHub();
  await sameOnTheMarketHub(29510.25, [29511, 29512.5], 29513);

  assert.deepEqual([...new Set(user.log.map((e) => e.target))].sort(),
    ["GatewayUserAccount", "GatewayUserOrder", "GatewayUserPosition", "GatewayUserTrade"]);

  // What the risk manager made of the records: the same fills and positions in the same order. What its reads found
  // while the hub was away is beside it.
  const made = (kind, member) => async () =>
    (await ours.lines("event")).filter((line) => line.kind === kind && !line.replayed).map((line) => line[member]);
  await agree(made("trade", "trade"), () => user.data("GatewayUserTrade").map((one) => one.id));
  await agree(made("position", "account"), () => user.data("GatewayUserPosition").map((one) => one.accountId));
});
