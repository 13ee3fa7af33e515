#include "paper_gateway/exchange/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace paper {
namespace {

using namespace literals;

struct Product {
  const char* root;
  const char* vendor;
  const char* group;
  const char* description;
  Decimal tick_size;
  Decimal tick_value;
  const char* month;
  Decimal fee;
  Decimal commission;
  Decimal typical_price;
};

#define PRODUCT(root, vendor, group, description, tick_size, tick_value, month, fee, commission, price) \
  {root, vendor, group, description, tick_size##_d, tick_value##_d, month, fee##_d, commission##_d, price##_d},
constexpr Product kProducts[] = {
#include "paper_gateway/exchange/catalogue.def"
};
#undef PRODUCT

constexpr std::string_view kMonthLetters = "FGHJKMNQUVXZ";
constexpr std::array kMonthNames{"January", "February", "March",     "April",   "May",      "June",
                                 "July",    "August",   "September", "October", "November", "December"};

bool valid_month(std::string_view month) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return month.size() == 3 && kMonthLetters.contains(month[0]) && digit(month[1]) && digit(month[2]);
}

Contract make_contract(const Product& product, std::string_view month) {
  const std::string symbol = fmt::format("F.US.{}", product.vendor);
  Contract c;
  c.id = fmt::format("CON.{}.{}", symbol, month);
  c.name = fmt::format("{}{}{}", product.root, month[0], month[2]);
  c.display_name = fmt::format("{}{}", product.root, month);
  c.description =
      fmt::format("{}: {} 20{}", product.description, kMonthNames[kMonthLetters.find(month[0])], month.substr(1));
  c.symbol_id = symbol;
  c.root = product.root;
  c.vendor = product.vendor;
  c.group = product.group;
  c.tick_size = product.tick_size;
  c.tick_value = product.tick_value;
  c.fee = product.fee;
  c.commission = product.commission;
  c.typical_price = product.typical_price;
  return c;
}

std::string upper(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

Catalogue::Catalogue() {
  for (const Product& product : kProducts) active_.push_back(make_contract(product, product.month));
}

std::vector<Contract> Catalogue::search(std::string_view text) const {
  constexpr std::size_t kMaxRows = 20;
  const std::string wanted = upper(text);
  std::vector<Contract> found;
  for (const Contract& c : active_) {
    if (found.size() == kMaxRows) break;
    if (c.name.contains(wanted) || c.vendor.contains(wanted)) found.push_back(c);
  }
  return found;
}

std::optional<Contract> Catalogue::by_id(std::string_view id) const {
  const auto tradable = std::ranges::find(active_, id, &Contract::id);
  if (tradable != active_.end()) return *tradable;
  const std::size_t dot = id.rfind('.');
  if (dot == std::string_view::npos || !valid_month(id.substr(dot + 1))) return std::nullopt;
  for (const Product& product : kProducts) {
    if (fmt::format("CON.F.US.{}", product.vendor) != id.substr(0, dot)) continue;
    Contract other = make_contract(product, id.substr(dot + 1));
    other.active = false;
    return other;
  }
  return std::nullopt;
}

const Contract* Catalogue::find_symbol(std::string_view symbol) const {
  const std::string wanted = upper(symbol);
  // The exchange's root wins over a vendor symbol that reads the same.
  for (const auto member :
       {&Contract::root, &Contract::name, &Contract::display_name, &Contract::vendor, &Contract::id}) {
    const auto found = std::ranges::find(active_, wanted, member);
    if (found != active_.end()) return &*found;
  }
  return nullptr;
}

bool Catalogue::roll(std::string_view root, std::string_view month) {
  if (!valid_month(month)) return false;
  const auto found = std::ranges::find(active_, root, &Contract::root);
  if (found == active_.end()) return false;
  for (const Product& product : kProducts) {
    if (found->root == product.root) *found = make_contract(product, month);
  }
  return true;
}

}  // namespace paper
