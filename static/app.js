// What the pages gain with scripts. Every page works without.
"use strict";
