// Text of users stays text.
#include "neurone/report/markup.h"

#include <gtest/gtest.h>

namespace neurone::report {
namespace {

TEST(Markup, text_is_no_markup) {
  EXPECT_EQ(escaped("a < b & 'c' > \"d\""), "a &lt; b &amp; &#39;c&#39; &gt; &quot;d&quot;");
  EXPECT_EQ(escaped("Zürich\n"), "Zürich\n");
}

TEST(Markup, what_no_page_may_hold_is_replaced) {
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(escaped("Z\xFCrich"), "Z\uFFFDrich");  // Latin-1
}

TEST(Markup, the_first_row_of_a_table_is_its_head) {
  const std::string html = Rows{{{"a", "b"}, {"1", "2"}}}.html();
  EXPECT_NE(html.find("<thead><tr><th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead>"), std::string::npos);
  EXPECT_NE(html.find("<tr><th scope=\"row\">1</th><td>2</td></tr>"), std::string::npos);
}

}  // namespace
}  // namespace neurone::report
