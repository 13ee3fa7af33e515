// The control API from outside: a broker that misbehaves on demand, and a view that does not depend on the wire.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { account, Gateway, Hub, mnq, subscribeAll, until } from "./gateway.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());
beforeEach(() => gateway.control("fault/clear"));

const order = { accountId: account, contractId: mnq, type: 2, side: 0, size: 1 };
const place = (tag) => gateway.post("/api/Order/place", { ...order, customTag: tag }, token);
const state = () => gateway.view(`state?accountId=${account}`);
const flatten = () => gateway.control("close", { accountId: account, symbol: "MNQ" });

test("a status replaces the answer, and nothing is done", async () => {
  await gateway.control("fault", {
    path: "/api/Order/place", action: "status", status: 502, body: "<html>Bad Gateway</html>", count: 2,
  });
  for (let i = 0; i < 2; ++i) {
    const answer = await place("never");
    assert.equal(answer.status, 502);
    assert.equal(await answer.text(), "<html>Bad Gateway</html>");
  }
  assert.deepEqual((await state()).positions, []);
  assert.equal((await (await place("now")).json()).success, true);
  assert.equal((await state()).positions[0].size, 1);
  await flatten();
});

test("a dropped response was executed all the same", async () => {
  await gateway.control("fault", { path: "/api/Order/place", action: "drop_response" });
  await assert.rejects(place("lost answer"));
  await until(async () => (await state()).positions.length === 1, "the position");
  const tagged = (await gateway.done("/api/Order/search",
    { accountId: account, startTimestamp: "2026-09-01T00:00:00Z" }, token)).orders;
  assert.equal(tagged.filter((o) => o.customTag === "lost answer").length, 1);
  await flatten();
});

// Sends without waiting for the answer; call the result to hang up.
function send(where, body) {
  const abort = new AbortController();
  const answer = fetch(gateway.url + where, {
    method: "POST", signal: abort.signal, body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
  });
  return async () => (abort.abort(), assert.rejects(answer));
}
const arrived = () => until(async () => (await gateway.view("fault")).faults.length === 0, "the request to arrive");

test("a delayed response was executed at once", async () => {
  await gateway.control("fault", { path: "/api/Order/place", action: "delay_response", ms: 600_000 });
  const hangUp = send("/api/Order/place", order);
  await until(async () => (await state()).positions.length === 1, "the position, before any answer");
  await hangUp();
  await flatten();
});

test("a delayed request is executed later", async () => {
  await place("held back");
  const close = { accountId: account, contractId: mnq };
  await gateway.control("fault", { path: "/api/Position/closeContract", action: "delay", ms: 600_000 });
  const hangUp = send("/api/Position/closeContract", close);
  await arrived();
  assert.equal((await state()).positions.length, 1);
  await hangUp();
  await gateway.control("fault", { path: "/api/Position/closeContract", action: "delay", ms: 50 });
  await gateway.done("/api/Position/closeContract", close, token);
  assert.deepEqual((await state()).positions, []);
});

test("events can be lost", async () => {
  const hub = await Hub.open(gateway.userHub, token);
  await subscribeAll(hub, account);
  await gateway.control("fault", { path: "GatewayUserPosition", action: "drop" });
  await gateway.control("trade", { accountId: account, symbol: "MNQ", side: "buy", size: 1 });
  await hub.wait(() => hub.data("GatewayUserTrade").length > 0, "the trade");
  await gateway.control("trade", { accountId: account, symbol: "MNQ", side: "buy", size: 1 });
  await hub.wait(() => hub.data("GatewayUserPosition").length > 0, "the second position event");
  assert.equal(hub.data("GatewayUserPosition")[0].size, 2);
  await flatten();
  await hub.close();
});

test("the request log keeps what was asked and answered, without secrets", async () => {
  const since = (await gateway.view("requests")).requests.at(-1)?.seq ?? 0;
  await gateway.login();
  await place("logged");
  const { requests } = await gateway.view(`requests?since=${since}`);
  assert.deepEqual(requests.map((r) => [r.method, r.path, r.status]),
    [["POST", "/api/Auth/loginKey", 200], ["POST", "/api/Order/place", 200]]);
  assert.ok(!JSON.stringify(requests).includes("paper-key"));
  assert.ok(!JSON.stringify(requests).includes(token.split(".")[0]));
  assert.equal(JSON.parse(requests[1].body).customTag, "logged");
  assert.equal(JSON.parse(requests[1].response).success, true);
  await flatten();
});

test("the broker's state agrees with what the wire says", async () => {
  await place("agree");
  const told = (await gateway.done("/api/Position/searchOpen", { accountId: account }, token)).positions;
  assert.deepEqual((await state()).positions, told);
  await flatten();
});

test("a wrong control call says what is wrong", async () => {
  const fails = async (where, body) => {
    const answer = await gateway.post("/paper/" + where, body);
    assert.ok(answer.status >= 400);
    return (await answer.json()).error;
  };
  assert.match(await fails("price", { symbol: "MNQ", last: 29500.1 }), /tick size/);
  assert.match(await fails("price", { symbol: "XXX", last: 1 }), /XXX/);
  assert.match(await fails("trade", { accountId: 1, symbol: "MNQ", side: "buy", size: 1 }), /account/);
  assert.match(await fails("fault", { path: "x", action: "explode" }), /action/);
  assert.match(await fails("nothing", {}), /no such control/);
});
