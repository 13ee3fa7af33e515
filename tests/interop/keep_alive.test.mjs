// Pings: the hub sends them unasked, and drops a client that has fallen silent.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Gateway, Hub, until, WebSocket } from "./gateway.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());

test("pings come unasked, and a silent client is dropped", { concurrency: false, timeout: 90_000 }, async () => {
  // The official client would time out at twenty seconds if nothing came.
  const hub = await Hub.open(gateway.marketHub, token);
  hub.connection.serverTimeoutInMilliseconds = 20_000;
  hub.connection.resetTimeoutPeriod?.();

  const silent = new WebSocket(`${gateway.userHub}?access_token=${token}`);
  const records = [];
  silent.on("message", (data) => {
    records.push(...String(data).split("\u001e").filter(Boolean).map((text) => JSON.parse(text)));
  });
  const over = new Promise((resolve) => silent.on("close", resolve));
  silent.on("open", () => silent.send('{"protocol":"json","version":1}\u001e'));
  await until(() => records.some((r) => r.type === 6), "a ping", 60);
  await over;
  assert.equal(records.at(-1).type, 7);
  assert.equal(hub.connection.state, "Connected"); // it answered with pings of its own
  await hub.close();
});
