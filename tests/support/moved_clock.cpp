// Loaded before a program, it moves the computer's clock for that program by RM_TEST_CLOCK_DAYS. Timers and the
// monotonic clock stay as they are; libfaketime 0.9.10 moves timers too, so that none ever fires.

#include <dlfcn.h>

#include <cstdlib>
#include <ctime>

namespace {

constexpr time_t kDay = 24 * 3600;

time_t moved_by() {
  const char* days = std::getenv("RM_TEST_CLOCK_DAYS");
  return days == nullptr ? 0 : std::atoi(days) * kDay;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* out) noexcept {
  static const auto real = reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
  static const time_t by = moved_by();
  const int result = real(clock, out);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) out->tv_sec += by;
  return result;
}

extern "C" time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
