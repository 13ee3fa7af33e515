#pragma once
// From CSV text to the price events of a replay, at the times of the recording.
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/feed/feed.h"

namespace paper {

// Never empty on success, in time order. The error lists up to fifty problems: a wrong file is wrong on every line.
std::expected<std::vector<FeedEvent>, std::vector<std::string>> read_recording(std::string_view csv_text,
                                                                               const std::string& name,
                                                                               const std::string& default_symbol,
                                                                               const Catalogue& catalogue);

}  // namespace paper
