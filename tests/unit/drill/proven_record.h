#pragma once
// A record of a run in which max_contracts was broken and every link held: six contracts, cut to five. The tests take
// single things out of it.

#include <string>
#include <string_view>

#include "drill/judge.h"

namespace rm::drill {

struct ProvenRecord {
  ProvenRecord();

  Record record;
  Expected expected;

  [[nodiscard]] Judgement judged() const { return judge(record, expected); }

  // The first line of the log with these members, to be changed; throws when there is none.
  [[nodiscard]] Fields& logged(std::string_view member, std::string_view value);
  void drop_logged(std::string_view member, std::string_view value);
};

}  // namespace rm::drill
