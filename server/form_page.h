// A page with a form for the columns of a model. It holds nothing of a model itself: its script asks the server for
// the columns and for predictions as any client does, with the token where there is one.
#pragma once

#include <string>
#include <string_view>

namespace neurone::server {

/// Content-Security-Policy: the page's own script and style, and questions to its own server.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

extern const std::string_view form_page;    ///< HTML
extern const std::string_view form_script;  ///< /form.js
std::string form_style();                   ///< /form.css

}  // namespace neurone::server
