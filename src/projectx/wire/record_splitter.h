#pragma once
// Cuts messages into records: each ends with byte 0x1E; a message may hold several, a record may go on in the next
// message.

#include <optional>
#include <string>

#include "projectx/wire/padded.h"

namespace rm::projectx {

inline constexpr char kRecordEnd = '\x1e';

class RecordSplitter {
 public:
  static constexpr std::size_t kMaxRecord = std::size_t{8} << 20;  // bytes

  // Starts on a message (padded; must live until the last next()). False: a record has grown beyond kMaxRecord;
  // nothing more can be read from this connection.
  [[nodiscard]] bool feed(PaddedSpan message);
  // The next complete record, without its end byte, padded; valid until the next call. What is left over is kept for
  // the next message.
  [[nodiscard]] std::optional<PaddedSpan> next();
  void reset();  // for a new connection

 private:
  PaddedSpan rest_;
  std::string pending_;  // the beginning of a record whose end has not come; rarely used
  std::string joined_;
};

}  // namespace rm::projectx
