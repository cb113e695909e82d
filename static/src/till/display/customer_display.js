import { CustomerDisplay } from "@point_of_sale/customer_display/customer_display";
import { AnswerFrame } from "./answer_frame";

CustomerDisplay.components = { ...CustomerDisplay.components, AnswerFrame };
