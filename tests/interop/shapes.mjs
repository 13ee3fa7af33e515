// The shapes of the wire, as the contract of the gateway has them: which members, of which kind, which may be absent.
import assert from "node:assert/strict";

const integer = (v) => Number.isInteger(v);
const number = (v) => typeof v === "number";
const text = (v) => typeof v === "string" && v.length > 0;
const flag = (v) => typeof v === "boolean";
const oneOf = (...values) => (v) => values.includes(v);
const or = (kind, other) => (v) => v === other || kind(v);
// Up to seven fractional digits, trailing zeros trimmed.
const time = (v) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,6}[1-9])?\+00:00$/.test(v);
const orNull = (kind) => or(kind, null);

const status = oneOf(1, 2, 3, 4, 5, 6, 7, 8);
const orderType = oneOf(1, 2, 3, 4, 5, 6, 7);
const side = oneOf(0, 1);

export const userAccount = {
  required: { id: integer, name: text, balance: number, canTrade: flag, isVisible: flag, simulated: flag },
};
export const userOrder = {
  required: {
    id: integer, accountId: integer, contractId: text, symbolId: text, creationTimestamp: time, updateTimestamp: time,
    status, type: orderType, side, size: integer, fillVolume: integer,
  },
  optional: {
    limitPrice: number, stopPrice: number, filledPrice: number, customTag: text, parentOrderId: integer,
    linkedOrderId: integer, trailDistance: integer, trailPrice: number,
  },
};
export const userPosition = {
  required: {
    id: integer, accountId: integer, contractId: text, contractDisplayName: text, creationTimestamp: time,
    type: oneOf(0, 1, 2), size: integer, averagePrice: number,
  },
};
export const userTrade = {
  required: {
    id: integer, accountId: integer, contractId: text, creationTimestamp: time, price: number, fees: number,
    commissions: number, side, size: integer, voided: flag, orderId: integer,
  },
  optional: { profitAndLoss: number },
};
export const quote = {
  required: { symbol: text, contract: text, lastUpdated: time, timestamp: time },
  optional: {
    symbolName: text, lastPrice: number, bestBid: number, bestAsk: number, change: number, changePercent: number,
    open: number, high: number, low: number, volume: integer,
  },
};
export const print = {
  required: { symbolId: text, price: number, timestamp: time, type: side, volume: integer, contractId: text },
};
export const depthRow = {
  required: {
    timestamp: time, type: oneOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), price: number, volume: integer,
    currentVolume: integer,
  },
};

// REST prints null where there is nothing; whether it may leave the member out instead is not known.
export const restAccount = userAccount;
export const restOrder = {
  required: userOrder.required,
  optional: Object.fromEntries(Object.entries(userOrder.optional).map(([name, kind]) => [name, orNull(kind)])),
};
export const restPosition = userPosition;
export const restTrade = { required: { ...userTrade.required, profitAndLoss: orNull(number) } };
export const contract = {
  required: {
    id: text, name: text, description: text, tickSize: number, tickValue: number, activeContract: flag, symbolId: text,
  },
};
export const bar = { required: { t: time, o: number, h: number, l: number, c: number, v: integer } };

export function check(value, { required, optional = {} }) {
  assert.equal(typeof value, "object");
  assert.notEqual(value, null);
  for (const [name, kind] of Object.entries(required)) {
    assert.ok(name in value, `${name} is missing in ${JSON.stringify(value)}`);
    assert.ok(kind(value[name]), `${name} is ${JSON.stringify(value[name])} in ${JSON.stringify(value)}`);
  }
  for (const [name, found] of Object.entries(value)) {
    if (name in required) continue;
    assert.ok(name in optional, `${name} is not in the contract: ${JSON.stringify(value)}`);
    assert.ok(optional[name](found), `${name} is ${JSON.stringify(found)} in ${JSON.stringify(value)}`);
  }
}
