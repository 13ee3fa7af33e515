// Every REST answer that does not depend on an order, as the contract has it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { account, Gateway, mnq, strangersAccount } from "./gateway.mjs";
import { bar, check, contract, restAccount } from "./shapes.mjs";

let gateway, token;
before(async () => {
  gateway = await Gateway.start();
  token = await gateway.login();
});
after(() => gateway.stop());

const login = (body) => gateway.call("/api/Auth/loginKey", body);

test("a login gives a signed token with the platform's claims", async () => {
  const parts = token.split(".").map((part) => Buffer.from(part, "base64url").toString());
  assert.equal(parts.length, 3);
  assert.equal(JSON.parse(parts[0]).alg, "HS256");
  const claims = JSON.parse(parts[1]);
  const identity = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
  assert.match(claims[identity + "nameidentifier"], /^\d+$/);
  assert.match(claims[identity + "sid"], /^[0-9a-f-]{36}$/);
  assert.equal(claims[identity + "name"], "paper");
  assert.ok(claims["http://schemas.microsoft.com/ws/2008/06/identity/claims/role"]);
  assert.ok(claims.exp > Date.parse("2026-09-02T14:29:00Z") / 1000);
  assert.ok(claims.exp < Date.parse("2026-09-02T14:40:00Z") / 1000);
  assert.ok(!("iat" in claims));
});

test("the login name is not case-sensitive", async () => {
  assert.equal((await login({ userName: "PAPER", apiKey: "paper-key" })).success, true);
});

test("a refused login is HTTP 200 with a code", async () => {
  const wrong = await login({ userName: "paper", apiKey: "wrong" });
  assert.deepEqual(wrong, { token: null, success: false, errorCode: 3, errorMessage: null });
  assert.equal((await login({ userName: "nobody", apiKey: "paper-key" })).errorCode, 3);
  const unsigned = await login({ userName: "unsigned", apiKey: "unsigned-key" });
  assert.equal(unsigned.errorCode, 7);
  assert.equal(unsigned.errorMessage, "Please log into the ProjectX platform and complete the required agreements");
});

test("a login without a member is problem details", async () => {
  const answer = await gateway.post("/api/Auth/loginKey", { userName: "paper" });
  assert.equal(answer.status, 400);
  const problem = await answer.json();
  assert.equal(problem.status, 400);
  assert.ok(problem.title);
});

test("without a good token everything is 401 with an empty body", async () => {
  for (const bad of [undefined, "rubbish", token.slice(0, -4) + "AAAA"]) {
    for (const where of ["/api/Account/search", "/api/Order/place", "/api/Auth/validate"]) {
      const answer = await gateway.post(where, { onlyActiveAccounts: true }, bad);
      assert.equal(answer.status, 401);
      assert.equal(await answer.text(), "");
      assert.match(answer.headers.get("www-authenticate"), /Bearer/);
    }
  }
});

test("validate gives a fresh token, logout ends one", async () => {
  const { newToken } = await gateway.done("/api/Auth/validate", {}, token);
  await gateway.done("/api/Account/search", { onlyActiveAccounts: true }, newToken);
  const other = await gateway.login();
  await gateway.done("/api/Auth/logout", {}, other);
  assert.equal((await gateway.post("/api/Account/search", { onlyActiveAccounts: true }, other)).status, 401);
  await gateway.done("/api/Account/search", { onlyActiveAccounts: true }, token);
});

test("the token also is good for a whole day only, by paper time", async (t) => {
  const own = await Gateway.start(t);
  const mine = await own.login();
  await own.control("time", { advance_seconds: 86000 });
  await own.done("/api/Account/search", { onlyActiveAccounts: true }, mine);
  await own.control("time", { advance_seconds: 1000 });
  assert.equal((await own.post("/api/Account/search", { onlyActiveAccounts: true }, mine)).status, 401);
});

test("accounts are those of the user", async () => {
  const { accounts } = await gateway.done("/api/Account/search", { onlyActiveAccounts: true }, token);
  assert.deepEqual(accounts.map((a) => a.id), [26001234, 26001235]);
  for (const one of accounts) check(one, restAccount);
  assert.deepEqual(accounts[0], {
    id: 26001234, name: "PRAC-V2-600001-26001234", balance: 150000, canTrade: true, isVisible: true, simulated: true,
  });
});

test("another user's account is not found", async () => {
  for (const where of ["/api/Position/searchOpen", "/api/Order/searchOpen"]) {
    const answer = await gateway.call(where, { accountId: strangersAccount }, token);
    assert.equal(answer.success, false);
    assert.equal(answer.errorCode, 1);
  }
});

test("one contract a symbol is available", async () => {
  const { contracts } = await gateway.done("/api/Contract/available", { live: false }, token);
  for (const one of contracts) check(one, contract);
  assert.ok(contracts.length >= 50);
  assert.equal(new Set(contracts.map((c) => c.symbolId)).size, contracts.length);
  assert.deepEqual(contracts.find((c) => c.id === mnq), {
    id: mnq, name: "MNQU6", description: "Micro E-mini Nasdaq-100: September 2026", tickSize: 0.25, tickValue: 0.5,
    activeContract: true, symbolId: "F.US.MNQ",
  });
  const yen = contracts.find((c) => c.symbolId === "F.US.JY6");
  assert.equal(yen.tickSize, 5e-7);
  const live = await gateway.done("/api/Contract/available", { live: true }, token);
  assert.deepEqual(live.contracts, []);
});

test("contracts are found by a part of either name, at most twenty", async () => {
  const search = async (searchText) =>
    (await gateway.done("/api/Contract/search", { searchText, live: false }, token)).contracts;
  const nq = (await search("NQ")).map((c) => c.symbolId).sort();
  assert.deepEqual(nq, ["F.US.ENQ", "F.US.MNQ", "F.US.NQG", "F.US.NQM"]);
  assert.equal((await search("E")).length, 20);
  assert.deepEqual(await search("QQQQ"), []);
});

test("a contract is found by its id, an old month too", async () => {
  const byId = (contractId) => gateway.call("/api/Contract/searchById", { contractId }, token);
  const found = await byId(mnq);
  check(found.contract, contract);
  const old = await byId("CON.F.US.MNQ.H25");
  assert.equal(old.contract.activeContract, false);
  const none = await byId("CON.F.US.NOPE.U26");
  assert.deepEqual(none, { contract: null, success: false, errorCode: 1, errorMessage: null });
});

test("bars are made of the prints, newest first", async () => {
  for (const last of [29501, 29505, 29499]) {
    await gateway.control("price", { symbol: "MNQ", last });
  }
  await gateway.control("time", { advance_seconds: 60 });
  await gateway.control("price", { symbol: "MNQ", last: 29510.25 });
  const query = {
    contractId: mnq, live: false, startTime: "2026-09-01T14:00:00Z", endTime: "2026-09-02T14:00:00Z", unit: 2,
    unitNumber: 1, limit: 100, includePartialBar: true,
  };
  const { bars } = await gateway.done("/api/History/retrieveBars", query, token);
  for (const one of bars) check(one, bar);
  assert.ok(bars.length >= 2);
  assert.ok(Date.parse(bars[0].t) > Date.parse(bars.at(-1).t));
  assert.equal(bars[0].c, 29510.25);
  assert.ok(Math.max(...bars.map((b) => b.h)) === 29510.25 && Math.min(...bars.map((b) => b.l)) === 29499);
  const wrong = async (change) =>
    (await gateway.call("/api/History/retrieveBars", { ...query, ...change }, token)).errorCode;
  assert.equal(await wrong({ contractId: "CON.F.US.NOPE.U26" }), 1);
  assert.equal(await wrong({ unit: 0 }), 2);
  assert.equal(await wrong({ unitNumber: 0 }), 3);
  assert.equal(await wrong({ limit: 20001 }), 4);
});

test("the envelope of HTTP", async () => {
  assert.equal((await gateway.post("/api/Position/close", {}, token)).status, 404);
  assert.equal((await gateway.post("/api/Account/search", "{}", token, { "Content-Type": "text/plain" })).status, 415);
  assert.equal((await gateway.post("/api/Account/search", "{not json", token)).status, 400);
  const bound = await gateway.post("/api/Order/searchOpen", { accountId: "text" }, token);
  assert.equal(bound.status, 400);
  assert.equal((await bound.json()).status, 400);
  const ping = await fetch(gateway.url + "/api/Status/ping");
  assert.equal(await ping.text(), "pong");
  const quoted = await fetch(gateway.url + "/api/Status/ping", { headers: { Accept: "application/json" } });
  assert.equal(await quoted.text(), '"pong"');
  assert.ok(Math.abs(Date.parse(ping.headers.get("date")) - Date.parse("2026-09-01T14:31:00Z")) < 3600e3);
});

test("two hundred requests a minute, then 429", async (t) => {
  const own = await Gateway.start(t);
  const mine = await own.login();
  const statuses = [];
  for (let i = 0; i < 202; ++i) {
    statuses.push((await own.post("/api/Position/searchOpen", { accountId: account }, mine)).status);
  }
  assert.deepEqual([...new Set(statuses)], [200, 429]);
  assert.equal(statuses.indexOf(429), 199); // the login was the first
  const open = await fetch(own.url + "/api/Status/ping");
  assert.equal(open.status, 200);
});
