// R41: a lock ends by its time or its condition. It can be extended, never shortened, and there is no way to remove
// it.
#include <rapidcheck.h>

#include "book/lock_book.h"

namespace rm {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const BrokerTime kNow = BrokerTime::from_seconds(1000);

Lock lock(std::string_view rule, LockEnd until, LockKind kind = LockKind::Hard,
          std::optional<SymbolId> symbol = std::nullopt) {
  return Lock{AccountId{1}, symbol, kind, rule, TradingRefusedByBroker{}, kNow, until, EnforcementId{1}};
}

template <class T>
concept HasRemoval =
    requires(T t, Lock l) { t.remove(l); } || requires(T t) { t.clear(); } || requires(T t, Lock l) { t.erase(l); };
static_assert(!HasRemoval<LockBook>);

TEST(LockBook, IsExtendedNeverShortened) {
  LockBook locks;
  EXPECT_TRUE(locks.add(lock("daily_loss", UntilTime{kNow + 1h})));
  EXPECT_FALSE(locks.add(lock("daily_loss", UntilTime{kNow + 30min})));
  EXPECT_FALSE(locks.add(lock("daily_loss", UntilTime{kNow + 1h})));
  EXPECT_EQ(locks.next_end(), kNow + 1h);
  EXPECT_TRUE(locks.add(lock("daily_loss", UntilTime{kNow + 2h})));
  EXPECT_EQ(locks.next_end(), kNow + 2h);
  EXPECT_THAT(locks.all(), SizeIs(1));
}

TEST(LockBook, EachRuleScopeAndKindHoldsItsOwn) {
  LockBook locks;
  locks.add(lock("daily_loss", UntilTime{kNow + 1h}));
  EXPECT_TRUE(locks.add(lock("cooldown_after_loss", UntilTime{kNow + 5min})));
  EXPECT_TRUE(locks.add(lock("daily_loss", UntilTime{kNow + 1h}, LockKind::Entry)));
  EXPECT_TRUE(locks.add(lock("daily_loss", UntilTime{kNow + 1h}, LockKind::Hard, SymbolId{3})));
  EXPECT_TRUE(locks.add(lock("auth_loss_guard", UntilBrokerAllows{})));
  EXPECT_THAT(locks.all(), SizeIs(5));
  EXPECT_EQ(locks.next_end(), kNow + 5min);
}

TEST(LockBook, EndsAtItsTimeNotBefore) {
  LockBook locks;
  locks.add(lock("daily_loss", UntilTime{kNow + 1h}));
  EXPECT_THAT(locks.expire(kNow + 1h - 1ns, true), IsEmpty());
  EXPECT_THAT(locks.expire(kNow + 1h, std::nullopt), SizeIs(1));
  EXPECT_THAT(locks.all(), IsEmpty());
  EXPECT_EQ(locks.next_end(), std::nullopt);
}

TEST(LockBook, TheBrokersWordEndsOnlyTheBrokersLock) {
  LockBook locks;
  locks.add(lock("daily_loss", UntilTime{kNow + 1h}));
  locks.add(lock("auth_loss_guard", UntilBrokerAllows{}));
  EXPECT_THAT(locks.expire(kNow + 10h - 10h, std::nullopt), IsEmpty()) << "not known is not allowed";
  EXPECT_THAT(locks.expire(kNow, false), IsEmpty());
  const auto ended = locks.expire(kNow, true);
  ASSERT_THAT(ended, SizeIs(1));
  EXPECT_EQ(ended.front().rule, "auth_loss_guard");
  EXPECT_THAT(locks.all(), SizeIs(1));
}

TEST(LockBook, TimeAloneDoesNotEndTheBrokersLock) {
  LockBook locks;
  locks.add(lock("auth_loss_guard", UntilBrokerAllows{}));
  EXPECT_THAT(locks.expire(kNow + 10'000h, false), IsEmpty());
  EXPECT_EQ(locks.next_end(), std::nullopt);
}

TEST(LockBook, CoversWhatHoldsAtLeastAsLong) {
  LockBook locks;
  locks.add(lock("daily_loss", UntilTime{kNow + 1h}));
  EXPECT_TRUE(locks.covers(lock("daily_loss", UntilTime{kNow + 1h})));
  EXPECT_TRUE(locks.covers(lock("daily_loss", UntilTime{kNow + 30min})));
  EXPECT_FALSE(locks.covers(lock("daily_loss", UntilTime{kNow + 2h})));
  EXPECT_FALSE(locks.covers(lock("other", UntilTime{kNow + 1h})));
  EXPECT_FALSE(locks.covers(lock("daily_loss", UntilTime{kNow + 1h}, LockKind::Entry)));
  EXPECT_FALSE(locks.covers(lock("daily_loss", UntilBrokerAllows{})));
}

TEST(LockBook, TheLongestAccountWideHardLockIsNamed) {
  LockBook locks;
  EXPECT_EQ(locks.account_hard_lock(), nullptr);
  locks.add(lock("entry", UntilTime{kNow + 9h}, LockKind::Entry));
  locks.add(lock("symbol", UntilTime{kNow + 9h}, LockKind::Hard, SymbolId{1}));
  EXPECT_EQ(locks.account_hard_lock(), nullptr);
  locks.add(lock("short", UntilTime{kNow + 1h}));
  locks.add(lock("long", UntilTime{kNow + 2h}));
  EXPECT_EQ(locks.account_hard_lock()->rule, "long");
  locks.add(lock("broker", UntilBrokerAllows{}));
  EXPECT_EQ(locks.account_hard_lock()->rule, "broker");
  locks.add(lock("longer", UntilTime{kNow + 3h}));
  EXPECT_EQ(locks.account_hard_lock()->rule, "broker") << "an end that is not in sight is the longest";
}

TEST(LockBook, IsMonotone) {
  EXPECT_TRUE(rc::check(
      "until its end has come, a lock that was added holds at least as long",
      [](const std::vector<std::pair<std::uint8_t, std::uint16_t>>& steps) {
        LockBook locks;
        std::map<std::string_view, BrokerTime> promised;  // the naive model: latest end each rule was promised
        const std::string_view rules[] = {"a", "b", "c"};
        BrokerTime now = kNow;
        for (const auto& [what, amount] : steps) {
          if (what % 4 == 3) {
            now = now + Duration{amount};
            for (const Lock& ended : locks.expire(now, true)) {
              RC_ASSERT(promised.at(ended.rule) <= now);
              promised.erase(ended.rule);
            }
          } else {
            const std::string_view rule = rules[what % 4];
            const BrokerTime end = now + Duration{amount + 1};
            const bool later = !promised.contains(rule) || promised[rule] < end;
            RC_ASSERT(locks.add(lock(rule, UntilTime{end})) == later);
            if (later) promised[rule] = end;
          }
          RC_ASSERT(locks.all().size() == promised.size());
          for (const Lock& held : locks.all())
            RC_ASSERT(std::get<UntilTime>(held.until).time == promised.at(held.rule));
        }
      }));
}

}  // namespace
}  // namespace rm
