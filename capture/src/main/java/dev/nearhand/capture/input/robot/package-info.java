/// Input through java.awt.Robot: the portable way.
@NullMarked
package dev.nearhand.capture.input.robot;

import org.jspecify.annotations.NullMarked;
