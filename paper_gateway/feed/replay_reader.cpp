#include "paper_gateway/feed/replay_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

#include "paper_gateway/feed/csv.h"

namespace paper {
namespace {

constexpr Nanos kLongestBar = std::chrono::minutes{1};
constexpr std::size_t kMostProblems = 50;
constexpr int kMostContracts = 1'000'000'000;

struct Columns {
  std::optional<std::size_t> time, symbol, price, size, side, bid, ask, open, high, low, close;
  bool bars() const { return open && high && low && close; }
};

Columns columns_of(const CsvTable& table) {
  return {.time = table.column({"time", "timestamp", "t", "date"}),
          .symbol = table.column({"symbol", "root"}),
          .price = table.column({"price", "last", "p"}),
          .size = table.column({"size", "quantity", "volume", "v"}),
          .side = table.column({"side"}),
          .bid = table.column({"bid"}),
          .ask = table.column({"ask"}),
          .open = table.column({"open", "o"}),
          .high = table.column({"high", "h"}),
          .low = table.column({"low", "l"}),
          .close = table.column({"close", "c"})};
}

std::optional<PaperTime> time_of(std::string_view text) {
  if (const auto seconds = Decimal::parse(text)) return PaperTime{seconds->nanos()};
  const auto time = parse_time(text);
  return time ? std::optional{*time} : std::nullopt;
}

class Reader {
 public:
  Reader(const std::string& name, const std::string& default_symbol, const Catalogue& catalogue)
      : name_{name}, default_symbol_{default_symbol}, catalogue_{catalogue} {}

  std::expected<std::vector<FeedEvent>, std::vector<std::string>> read(std::string_view text) {
    const CsvTable table = read_csv(text);
    columns_ = columns_of(table);
    check_header(table);
    if (problems_.empty()) {
      for (std::size_t i = 0; i < table.rows.size() && problems_.size() < kMostProblems; ++i) read_row(table, i);
    }
    if (problems_.empty() && events_.empty()) problem(1, "no rows");
    if (!problems_.empty()) return std::unexpected{std::move(problems_)};
    std::ranges::stable_sort(events_, {}, &FeedEvent::at);  // bars of two symbols overlap
    return std::move(events_);
  }

 private:
  void problem(std::size_t line, const std::string& text) {
    problems_.push_back(name_ + ":" + std::to_string(line) + ": " + text);
  }
  void problem(std::string_view what, std::string_view found, std::string_view wrong) {
    problem(row_->line, std::string{what} + " '" + std::string{found} + "' " + std::string{wrong});
  }

  void check_header(const CsvTable& table) {
    if (table.columns.empty()) return problem(1, "empty file");
    if (!columns_.time) problem(1, "no column 'time'");
    if (!columns_.symbol && default_symbol_.empty()) problem(1, "no column 'symbol', and no symbol is named");
    if (!columns_.price && !columns_.bars()) problem(1, "neither a column 'price' nor open, high, low and close");
  }

  // The text of a column in the current row; empty when the row or the file lacks it.
  std::string_view field(std::optional<std::size_t> column) const {
    return column && *column < row_->fields.size() ? row_->fields[*column] : std::string_view{};
  }

  Decimal price(std::optional<std::size_t> column, std::string_view what) {
    const auto text = field(column);
    const auto value = Decimal::parse(text);
    if (!value || *value <= Decimal{}) {
      problem(what, text, "is not a price");
      return contract_->tick_size;
    }
    if (!contract_->on_tick(*value)) problem(what, text, "is between ticks");
    return *value;
  }

  int volume() {
    const auto text = field(columns_.size);
    if (text.empty()) return 1;
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error == std::errc{} && end == text.data() + text.size() && count > 0 && count <= kMostContracts)
      return count;
    problem("size", text, "is not a whole number above 0");
    return 1;
  }

  void read_row(const CsvTable& table, std::size_t index) {
    row_ = &table.rows[index];
    if (row_->fields.size() > table.columns.size()) return problem(row_->line, "more fields than columns");
    const auto at = time_of(field(columns_.time));
    if (!at) return problem("time", field(columns_.time), "is not a date and time");
    if (at < previous_) return problem("time", field(columns_.time), "is before the row above");
    previous_ = at;
    const auto symbol = columns_.symbol ? field(columns_.symbol) : std::string_view{default_symbol_};
    contract_ = catalogue_.find_symbol(symbol);
    if (contract_ == nullptr) return problem("symbol", symbol, "is not in the catalogue");
    columns_.bars() ? read_bar(*at, bar_length(table, index, *at)) : read_tick(*at);
  }

  // Up to the next later row, at most a minute: gaps in the recording stay gaps.
  Nanos bar_length(const CsvTable& table, std::size_t index, PaperTime at) const {
    for (std::size_t next = index + 1; next < table.rows.size(); ++next) {
      const auto& fields = table.rows[next].fields;
      const auto later = *columns_.time < fields.size() ? time_of(fields[*columns_.time]) : std::nullopt;
      if (later && *later > at) return std::min(*later - at, kLongestBar);
    }
    return kLongestBar;
  }

  void read_tick(PaperTime at) {
    const Decimal last = price(columns_.price, "price");
    const auto side = field(columns_.side);
    if (!side.empty() && side != "buy" && side != "sell") problem("side", side, "is neither buy nor sell");
    const bool buyer = side.empty() ? last >= last_[contract_->id] : side == "buy";
    PriceUpdate& update = add(at, last, volume(), buyer);
    if (!field(columns_.bid).empty()) update.bid = price(columns_.bid, "bid");
    if (!field(columns_.ask).empty()) update.ask = price(columns_.ask, "ask");
    if (*update.bid >= *update.ask) problem(row_->line, "bid is not below ask");
  }

  void read_bar(PaperTime at, Nanos length) {
    const Decimal open = price(columns_.open, "open");
    const Decimal high = price(columns_.high, "high");
    const Decimal low = price(columns_.low, "low");
    const Decimal close = price(columns_.close, "close");
    if (high < std::max(open, close) || low > std::min(open, close)) {
      problem(row_->line, "open and close are not between low and high");
    }
    const int each = std::max(1, volume() / 4);
    const bool rising = close >= open;
    int part = 0;
    for (const Decimal step : std::array{open, rising ? low : high, rising ? high : low, close}) {
      add(at + length * part++ / 4, step, each, step >= last_[contract_->id]);
    }
  }

  // A print by a buyer is at the ask, one by a seller at the bid; the other side is one tick away.
  PriceUpdate& add(PaperTime at, Decimal last, int size, bool buyer) {
    PriceUpdate update;
    update.contract = contract_->id;
    update.last = last;
    update.bid = buyer ? last - contract_->tick_size : last;
    update.ask = buyer ? last : last + contract_->tick_size;
    update.volume = size;
    update.aggressor = buyer ? Side::Buy : Side::Sell;
    last_[contract_->id] = last;
    return events_.emplace_back(at, std::move(update)).price;
  }

  const std::string& name_;
  const std::string& default_symbol_;
  const Catalogue& catalogue_;
  Columns columns_;
  const CsvRow* row_ = nullptr;
  const Contract* contract_ = nullptr;
  std::optional<PaperTime> previous_;
  std::map<std::string, Decimal> last_;
  std::vector<FeedEvent> events_;
  std::vector<std::string> problems_;
};

}  // namespace

std::expected<std::vector<FeedEvent>, std::vector<std::string>> read_recording(std::string_view csv_text,
                                                                               const std::string& name,
                                                                               const std::string& default_symbol,
                                                                               const Catalogue& catalogue) {
  return Reader{name, default_symbol, catalogue}.read(csv_text);
}

}  // namespace paper
