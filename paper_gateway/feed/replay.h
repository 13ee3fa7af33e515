#pragma once
// A recorded market from a CSV file: ticks or bars. The first line names the columns, in any order:
//   time      ISO 8601 with Z or an offset, or Unix seconds; rows in rising order
//   symbol    exchange root; may be left out when the caller names one
//   ticks:    price, and optionally size, side (buy|sell), bid, ask
//   bars:     open, high, low, close, and optionally volume
// A bar becomes four prints a quarter of its length apart: open, then the extreme the bar left first, the other,
// close.
#include <expected>
#include <memory>
#include <string_view>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/feed/feed.h"

namespace paper {

struct ReplayOptions {
  std::string default_symbol;  // used where the file has no symbol column
  PaperTime start;             // when the first row happens; later rows keep their distance
  bool loop = false;           // begin again, one second after the last row
};

// Every problem of the file, each "name:line: sentence", or the feed. `name` is only used in messages.
std::expected<std::unique_ptr<PriceFeed>, std::vector<std::string>> make_replay(std::string_view csv_text,
                                                                                const std::string& name,
                                                                                const ReplayOptions& options,
                                                                                const Catalogue& catalogue);

}  // namespace paper
