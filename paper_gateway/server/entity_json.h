// The venue's entities as JSON: nulls written out and microseconds in REST, nulls left out and 100 ns on the hubs.
#pragma once
#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/exchange/entities.h"
#include "paper_gateway/server/json.h"

namespace paper {

struct JsonStyle {
  bool nulls = true;            // write absent members as null
  bool fixed_decimals = false;  // nine fractional digits always
  int fraction_digits = 6;      // of timestamps
};
inline constexpr JsonStyle rest_style{true, false, 6};
inline constexpr JsonStyle hub_style{false, false, 7};

Json decimal_json(Decimal value, const JsonStyle& style = rest_style);
Json to_json(const Account& account, const JsonStyle& style);
Json to_json(const Contract& contract, const JsonStyle& style);
Json to_json(const Order& order, const JsonStyle& style);
Json to_json(const Position& position, const JsonStyle& style);
Json to_json(const Trade& trade, const JsonStyle& style);
Json to_json(const Bar& bar, const JsonStyle& style);
Json to_json(const Print& print);
Json to_json(const DepthRow& row);
// The changed members only; `timestamp` is that of the quote's data, which may be older than the quote.
Json to_json(const Quote& quote, const QuoteChange& change, PaperTime timestamp);

}  // namespace paper
